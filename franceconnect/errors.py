"""What stops a command before Django can speak: the machine, not the program, must be mended."""


class LauncherError(Exception):
    """One French sentence that says what is wrong and what to do; shown without a traceback."""
