// Nothing but the headers beside it.
