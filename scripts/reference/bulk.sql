-- Everybody else: rows by arithmetic, so that one scale gives the same rows on every machine and
-- version. Number n belongs to the tenant of slot n % 20 in every table, so children find parents
-- of their own tenant without a join: a multiple of 20 may be added to anything. Where only every
-- k-th number has a row, k shares no factor with 20, or whole tenants would go without.
-- psql's :scale is given by load. Ids of the named people stay below 1000; these begin at 1000.

\set customers '(120 * :scale)'
\set agents '(20 * (2 + :scale / 20))'
\set visitors '(1200 * :scale)'
\set conversations '(1500 * :scale)'
\set messages '(8000 * :scale)'

\ir bulk/functions.sql
\ir bulk/companies.sql
\ir bulk/conversations.sql
\ir bulk/desk.sql
\ir bulk/traces.sql
