"""Check, add, export and share personas."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.sandbox.personas import catalogue, checking, documents, own, sharing
from apps.sandbox.personas.documents import Unreadable
from apps.sandbox.personas.faults import PersonaFault, Refused
from apps.sandbox.personas.own import AlreadyThere
from apps.sandbox.personas.sharing import BadLink


class Command(BaseCommand):
    help = "Vérifie, ajoute, exporte ou partage des personas du bac à sable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare one subcommand for each thing that may be done."""
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
        check = commands.add_parser("check", help="dire tout ce qui ne va pas, fichier par fichier")
        check.add_argument(
            "files", nargs="*", type=Path, metavar="FICHIER", help="ces fichiers seulement"
        )
        add = commands.add_parser("add", help="ajouter les personas d’un fichier YAML")
        add.add_argument("file", type=Path, metavar="FICHIER", help="fichier YAML à ajouter")
        export = commands.add_parser("export", help="écrire des personas en YAML")
        export.add_argument(
            "slugs", nargs="*", metavar="SLUG", help="noms courts\u202f; toutes s’il n’y en a pas"
        )
        share = commands.add_parser("share", help="donner le lien qui recrée une persona ailleurs")
        share.add_argument("slug", metavar="SLUG", help="nom court de la persona")

    def handle(self, *args: object, **options: Any) -> None:
        """Do it; what a person can mend ends the command with status 1."""
        try:
            {
                "check": lambda: self._check(options["files"]),
                "add": lambda: self._add(options["file"]),
                "export": lambda: self._export(options["slugs"]),
                "share": lambda: self._share(options["slug"]),
            }[options["command"]]()
        except (BadLink, Unreadable) as error:
            raise CommandError(str(error)) from None

    def _check(self, files: list[Path]) -> None:
        today = timezone.localdate()
        read = [(path.name, _slug_of_file(path), _text(path)) for path in files]
        lines = [
            f"{where}\u202f: {fault.field}\u202f: {fault.message}"
            for where, fault in _faults(read or list(_everything()), today)
        ]
        if lines:
            total = f"{len(lines)} défaut{'s' * (len(lines) > 1)}."
            raise CommandError("\n".join([*lines, total]))
        self.stdout.write("Toutes les personas sont justes.")

    def _add(self, path: Path) -> None:
        for document in documents.load_all(_text(path)):
            self._add_one(path, document)

    def _add_one(self, path: Path, document: object) -> None:
        slug, block = _taken_apart(path, document)
        try:
            persona = own.add(slug, block, timezone.localdate())
        except Refused as refusal:
            raise CommandError(
                "\n".join(
                    f"{path.name}\u202f: {f.field}\u202f: {f.message}" for f in refusal.faults
                )
            ) from None
        except AlreadyThere as found:
            if not found.is_same:
                raise CommandError(
                    f"{slug} est déjà le nom d’une autre persona, {found.persona.name}\u202f: "
                    "donnez-en un autre à celle-ci, dans un champ slug."
                ) from None
            self.stdout.write(f"{slug}\u202f: déjà là, rien n’a changé.")
        else:
            count = len(persona.accounts)
            self.stdout.write(f"{slug}\u202f: ajoutée, {count} compte{'s' * (count > 1)}.")

    def _export(self, slugs: list[str]) -> None:
        texts = {slug: text for _, slug, text in _everything()}
        unknown = [slug for slug in slugs if slug not in texts]
        if unknown:
            raise CommandError(f"Aucune persona de ce nom\u202f: {', '.join(unknown)}.")
        written = (_with_slug(slug, texts[slug]) for slug in slugs or texts)
        self.stdout.write("---\n".join(written), ending="")

    def _share(self, slug: str) -> None:
        text = {found: text for _, found, text in _everything()}.get(slug)
        if text is None:
            raise CommandError(f"Aucune persona de ce nom\u202f: {slug}.")
        self.stdout.write(sharing.link(slug, documents.load(text)))


def _everything() -> Iterator[tuple[str, str, str]]:
    """Yield where each persona is written, its slug and its YAML: the project's, then the added."""
    for slug, path in catalogue.files().items():
        yield path.name, slug, path.read_text()
    for persona in own.everybody():
        yield f"{persona.slug} (ajoutée)", persona.slug, own.document(persona.slug) or ""


def _faults(written: list[tuple[str, str, str]], today: date) -> Iterator[tuple[str, PersonaFault]]:
    """Yield every fault, with where; personas are compared with those that come before them."""
    before: list[catalogue.Persona] = []
    for where, slug, text in written:
        try:
            document = documents.load(text)
        except Unreadable as error:
            yield where, PersonaFault("document", str(error))
            continue
        faults = checking.check(document, today)
        if not faults:
            persona = catalogue.read(slug, document)
            faults = checking.conflicts(persona, before, today)
            before.append(persona)
        yield from ((where, fault) for fault in faults)


def _taken_apart(path: Path, document: object) -> tuple[str, Any]:
    """Return the slug that a document gives, or that its file does, and the rest of it."""
    if not isinstance(document, dict):
        return _slug_of_file(path), document
    rest = {name: block for name, block in document.items() if name != "slug"}
    return str(document.get("slug") or _slug_of_file(path)), rest


def _slug_of_file(path: Path) -> str:
    number, _, rest = path.stem.partition("-")
    return documents.slug_of(rest if number.isdigit() else path.stem)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{path}\u202f: ce fichier ne peut pas être lu.") from None


def _with_slug(slug: str, text: str) -> str:
    return f"slug: {slug}\n{text}"
