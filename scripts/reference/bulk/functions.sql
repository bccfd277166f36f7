-- Helpers of the generator; they live as long as its session. All STABLE, because then PostgreSQL puts
-- their bodies in place of the calls, also where those hold more than immutable functions.

-- A number in [0, 2^31) that looks like chance. No random(): its sequence depends on the plan.
CREATE FUNCTION pg_temp.h(n bigint, salt bigint) RETURNS bigint LANGUAGE sql STABLE AS
  'SELECT pg_catalog.hashint8extended(n, salt) & 2147483647';

-- harbour 5, meadow 4, orchard 4, beacon 2, quarry 2, one each for the remaining three; slot 0 is
-- harbour's, with one visitor (1000) who never stops writing.
CREATE FUNCTION pg_temp.tenant(n bigint) RETURNS bigint LANGUAGE sql STABLE AS
  'SELECT (ARRAY[6,6,6,6,6,2,2,2,2,3,3,3,1,1,8,8,4,5,7,3])[1 + n % 20]::bigint';

-- When the n-th of total things happened: later for greater n, more and more often, within the days
-- during which the tenant of that slot was a customer, and never after the reference date.
CREATE FUNCTION pg_temp.moment(n bigint, total bigint, days integer DEFAULT 900)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE pg_temp.tenant(n)
           WHEN 4 THEN timestamptz '2025-12-15T00:00:00Z'
           WHEN 5 THEN timestamptz '2026-02-10T15:00:00Z'
           WHEN 7 THEN timestamptz '2025-12-02T00:00:00Z'
           ELSE timestamptz '2026-03-31T06:00:00Z'
         END - make_interval(secs => floor(
           86400.0::float8 * CASE pg_temp.tenant(n) WHEN 4 THEN least(days, 29)
                                                    WHEN 1 THEN least(days, 780)
                                                    ELSE least(days, 830) END
           * (1 - n::float8 / total) * (1 - n::float8 / total)))
$$;

-- Conversation c (1, 2, …) has the messages 16 / 3 * (c - 1) to 16 / 3 * c, rounded up: 5 or 6.
CREATE FUNCTION pg_temp.conversation_of(message bigint) RETURNS bigint LANGUAGE sql STABLE AS
  'SELECT 1 + message * 3 / 16';
CREATE FUNCTION pg_temp.first_message(conversation bigint) RETURNS bigint LANGUAGE sql STABLE AS
  'SELECT (16 * (conversation - 1) + 2) / 3';

-- Who began a conversation: the restless one in every fourth of slot 0, else anybody of the slot,
-- some much more often than others.
CREATE FUNCTION pg_temp.visitor_of(conversation bigint, visitors bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN conversation % 20 = 0 AND pg_temp.h(conversation, 1) % 4 = 0 THEN 0
         ELSE conversation % 20 + 20 * floor((visitors / 20)::float8
                * (pg_temp.h(conversation, 2) / 2147483648.0::float8)
                * (pg_temp.h(conversation, 2) / 2147483648.0::float8))::bigint
         END
$$;

CREATE FUNCTION pg_temp.person(n bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (ARRAY['Alex','Bela','Chris','Dana','Eli','Fran','Gili','Hana','Ivo','Jo','Kai','Lou','Mika',
                'Nico','Oda','Pat','Quinn','Rae','Sasha','Toni','Uma','Vic','Wren','Yuri','Zoë'])
           [1 + pg_temp.h(n, 3) % 25] || ' ' ||
         (ARRAY['Abel','Bianchi','Cho','Dvořák','Eriksen','Fischer','García','Hughes','Ito','Jones',
                'Kowalski','Lind','Meyer','Novak','O''Hara','Petit','Quist','Rossi','Šimić','Tan',
                'Ueda','Varga','Weiß','Young','Zhou'])[1 + pg_temp.h(n, 4) % 25]
$$;
-- Visitor n's email, if n has one; the named people's domains are not used.
CREATE FUNCTION pg_temp.email(n bigint) RETURNS text LANGUAGE sql STABLE AS
  'SELECT ''person'' || n || (ARRAY[''@mail.example'',''@post.example'',''@home.example''])[1 + n % 3]';
-- +999 is no country's code, so these are nobody's numbers and yet as many as wanted.
CREATE FUNCTION pg_temp.phone(n bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (ARRAY['+999 ','+999','00999 ','+999-'])[1 + pg_temp.h(n, 5) % 4]
         || lpad((n / 10000)::text, 5, '0') || ' ' || lpad((n % 10000)::text, 4, '0')
$$;
CREATE FUNCTION pg_temp.address(n bigint) RETURNS inet LANGUAGE sql STABLE AS
  'SELECT inet ''198.18.0.0'' + pg_temp.h(n, 6) % 131072';
CREATE FUNCTION pg_temp.id(what text, n bigint) RETURNS uuid LANGUAGE sql STABLE AS
  'SELECT md5(what || n)::uuid';

-- What people write. One message in twenty names an address: the writer's or somebody else's.
CREATE FUNCTION pg_temp.sentence(n bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (ARRAY[
    'Hello, can you help me with my order?', 'It has not arrived yet.',
    'I was charged twice, please look into it.', 'Which documents do you need from me?',
    'Thank you, that works now.', 'The link in your mail leads nowhere.',
    'Can I change the delivery address?', 'I will call you tomorrow morning.',
    'Is this still available in green?', 'The app closes when I open my profile.',
    'We are moving next month and need a new contract.', 'That is not what I asked.',
    'Could a person answer this, please?', 'Yes, exactly that one.', 'No, the other one — the blue.',
    'When are you open on public holidays?', 'I forgot my password again.', 'Perfect 👍',
    'Please send me a copy of the invoice.', 'Your colleague promised me a refund.',
    'How long does it take?', 'It says "error 42" and nothing else.', 'Das ist schon erledigt, danke!',
    'Kunt u mij terugbellen?', 'My flat is on the second floor.', 'I would rather not say.',
    'One moment, I am looking for the number.', 'Let me check that for you.',
    'I have forwarded this to the team.', 'Is there anything else I can do for you?'])
    [1 + pg_temp.h(n, 7) % 30]
$$;
CREATE FUNCTION pg_temp.body(n bigint, visitor bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT pg_temp.sentence(n) || ' ' || pg_temp.sentence(n + 7000000000)
         || CASE pg_temp.h(n, 8) % 20
              WHEN 0 THEN ' Write to ' || pg_temp.email(visitor) || '.'
              WHEN 1 THEN ' My partner is ' || pg_temp.email(pg_temp.h(n, 9) % 1000) || '.'
              ELSE ''
            END
$$;
