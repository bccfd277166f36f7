-- The named tenants and people, by hand: ids below 1000. README.md says who they are.
-- The phone numbers are ones that no network hands out (+44 7700 900…, +44 1632 96…, +1 … 555 01…).
\ir people/tenants.sql
\ir people/harbour.sql
\ir people/ada.sql
\ir people/ada_traces.sql
\ir people/meadow.sql
\ir people/others.sql
