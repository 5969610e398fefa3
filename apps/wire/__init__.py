"""Calls to other machines, whoever they are: bounded in time and size, wandering nowhere.

deadline  connections whose whole answer must come before a deadline
exchange  one call and its whole answer, or one exception
circuit   what a machine that hangs or falls may cost
"""
