"""Plans of files that a test writes down."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from crm.imports.planning.plans import Plan, plan_file


def make_plan(data: bytes, file_name: str, *, kind: str = "", sector: str = "") -> Plan:
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return plan_file(Path(file.name), file_name, kind=kind, sector=sector)
