CREATE TYPE status AS ENUM ('new', 'paid', 'ship''d "x"');
CREATE DOMAIN money2 AS numeric(12,2) CHECK (VALUE > -1000);
CREATE DOMAIN short_text AS varchar(10) NOT NULL DEFAULT 'none';
CREATE TABLE mix (
    id bigserial PRIMARY KEY, s smallint, r real, d double precision, n numeric, n38 numeric(38,10), nd money2,
    b boolean DEFAULT true, t text, c char(8), v varchar(20), st short_text, e status, ea status[], u uuid, j json, jb jsonb,
    x xml, i interval, ip inet, ci cidr, mac macaddr, bt bit(5), vb bit varying(12), by bytea, dt date, tm time(3),
    tmz timetz, ts timestamp(3), ts6 timestamp, tz timestamptz, p point, rng int4range, tr tstzrange, na numeric(6,2)[],
    ta text[], da date[], tsa timestamptz[], ua uuid[], m money, o oid);
INSERT INTO mix (s, r, d, n, n38, nd, t, c, v, st, e, ea, u, j, jb, x, i, ip, ci, mac, bt, vb, by, dt, tm, tmz, ts, ts6, tz, p, rng, tr, na, ta, da, tsa, ua, m, o) VALUES
 (-32768, 1.5e-7, 1e21, 12345678901234567890.123456789, 0.0000000001, 99.90, E'tab\tnew\nline "q" \\ \u00e9 \U0001F600', 'ab', 'vv', 'dom', 'paid', '{new,paid,NULL}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a" : [1, 2.50, null]}', '{"b":{"c":1e2}, "a":"x"}', '<r a="1">t</r>', '1 year 2 mons 3 days 04:05:06.789', '10.1.2.3/24', '10.1.0.0/16', '08:00:2b:01:02:03', B'10110', B'101010101', '\x00ff10', '2024-02-29', '23:59:59.999', '12:34:56.789+05:30', '2024-02-29 12:34:56.789', '1999-12-31 23:59:59.999999', '2024-06-01 00:00:00.000001+02', '(1.5,-2)', '[1,10)', '[2024-01-01 00:00+00,2024-02-01 00:00+00)', '{1.10,NULL,-3.00}', '{"a b",NULL,"q\"x"}', '{2024-01-01,1969-12-31}', '{"2024-01-01 00:00:00+00"}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '$1,234.56', 4294967295),
 (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (32767, 'NaN', '-Infinity', 'NaN', -9999999999999999999999999999.9999999999, -999.99, '', '', '', '', 'ship''d "x"', '{}', '00000000-0000-0000-0000-000000000000', '[]', '"s"', '', '-1 days -02:03:04', '::1', '::/0', 'ff:ff:ff:ff:ff:ff', B'00000', B'', '', '0001-01-01', '00:00', '00:00:00-12', '0001-01-01 00:00', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:00+00', '(0,0)', 'empty', '(,)', '{}', '{}', '{}', '{}', '{}', '-$0.01', 0);
ALTER TABLE mix REPLICA IDENTITY FULL;
