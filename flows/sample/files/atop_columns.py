"""Columns of the ATOP 5.1 files, in their order."""

PROMISES = {"D": "defense", "O": "offense", "N": "neutral", "A": "nonagg", "C": "consul"}

_TERMS = (
    "wartime estmode pubsecr secrart proadd futmem speclgth length renounce proren renewlgt term"
)
_OBLIGATIONS = "defense offense neutral nonagg consul active conditio defcon offcon neucon concon"
_CONDITIONS = (
    "defcoadv defcoloc defcocon defconum defcodem defconpr offcoadv offcoloc offcocon offconum"
    " offcodem neucoadv neucoloc neucocon neuconum neucodem neuconpr neucoatt concoadv concoloc"
    " concocon concoreq olimob asymm obvary"
)
_ITEMS = (
    "notaiden dipaid terrres seppeace thirdcom noothall specthrt statthr1 statthr2 conwtin medarb"
    " milcon milaid intcom subord organ1 orgpurp1 organ2 orgpurp2 base contrib armred acqterr"
    " divgains demwith reflnun refothio natrefal compag nomicoop conres agprois conmen ecaid interv"
)
_RELEASE = "source new5 rev5 version"
_DATES = "begyr begmo begday endyr endmo endday ineffect bilat"

MEMBER_COLUMNS = (
    "atopid cowid cow4id member cowsys yrent moent dayent yrexit moexit dayexit ineffect bilat"
    f" phase maxphase {_TERMS.replace('wartime', 'wartime cowwar')} termmode termcaus"
    f" {_OBLIGATIONS} {_CONDITIONS} {_ITEMS} {_RELEASE}"
).split()


def alliance_columns(members: int) -> list[str]:
    """Columns of the alliance file, which lists up to so many members."""
    return _wide(f"atopid cowid cow4id {_DATES} maxphase", members)


def phase_columns(members: int) -> list[str]:
    """Columns of the phase file, which lists up to so many members."""
    return _wide(f"atopid atopidphase cowid cow4id {_DATES} phase maxphase", members)


def state_year_columns(alliances: int) -> list[str]:
    """Columns of the state-year file, which lists up to so many alliances."""
    listed = [f"atopid{k}" for k in range(1, alliances + 1)]
    head = f"state year atopally {' '.join(PROMISES.values())} number transyr"
    return [*head.split(), *listed, "version"]


def _wide(head: str, members: int) -> list[str]:
    listed = [f"mem{k}" for k in range(1, members + 1)]
    middle = f"{_TERMS} {_OBLIGATIONS} asymm {_ITEMS}"
    return [*head.split(), *middle.split(), *listed, *_RELEASE.split()]
