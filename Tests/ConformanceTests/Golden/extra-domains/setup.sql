CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy, "very"');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN d1 AS int; CREATE DOMAIN d2 AS d1 CHECK (VALUE > 0); CREATE DOMAIN dt AS timestamp(3); CREATE DOMAIN dn AS numeric(10,3); CREATE DOMAIN dm AS varchar; CREATE DOMAIN da AS text[]; CREATE DOMAIN dv AS varchar(12); CREATE DOMAIN du AS uuid;
CREATE TABLE dom (k mood, u du, v d2 NOT NULL, t dt, n dn DEFAULT 1.5, m dm, a da, s dv, p pair, r numrange, mr int4multirange, dr daterange, ts tsrange, i8 int8range, pa pair[], ma mood[], PRIMARY KEY (k, u));
INSERT INTO dom VALUES ('ok', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 5, '2024-01-01 00:00:00.123', 2.5, 'sad', '{x,y}', 'short', '(1,"a b")', '[1.5,2.5)', '{[1,3),[5,7)}', '[2024-01-01,2024-01-05]', '[2024-01-01 00:00,)', '[1,100]', '{"(1,a)"}', '{ok,sad}');
INSERT INTO dom (k, u, v) VALUES ('happy, "very"', '00000000-0000-0000-0000-000000000000', 1);
