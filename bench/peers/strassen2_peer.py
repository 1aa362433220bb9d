"""MobileOne by two levels of Strassen's algorithm."""
from peers.classical_peer import Classical


class Strassen2(Classical):
    ALGORITHM = "strassen2"
    TITLE = "MobileOne, strassen2"
    SETTINGS = "the same with --algorithm=strassen2"
