"""The roles that `init --grants` prints, under names of one database's own: roles belong to the
whole server, and other tests are at work there."""

import contextlib
import re

from cli.harness import dsarctl

KINDS = ("reader", "officer", "sweeper")


def role_name(database, kind):
    return f"{database.name}_{kind}"


def grant(database, *args, env=None):
    """Makes the roles and grants them what the map asks for."""
    sql = dsarctl("init", "--grants", *args, env=env).out
    for kind in KINDS:
        sql = re.sub(rf"\bdsar_{kind}\b", role_name(database, kind), sql)
    database.execute(sql.replace("BEGIN;", "").replace("COMMIT;", ""))


@contextlib.contextmanager
def granted(database, env=None):
    """Gives, by kind, the name of a login that has the role and nothing more."""
    grant(database, env=env)
    roles = [role_name(database, kind) for kind in KINDS]
    logins = {kind: f"{role}_login" for kind, role in zip(KINDS, roles)}
    for role, login in zip(roles, logins.values()):
        database.execute(f"CREATE ROLE {login} LOGIN IN ROLE {role}")
    try:
        yield logins
    finally:
        for role in (*logins.values(), *roles):
            database.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
