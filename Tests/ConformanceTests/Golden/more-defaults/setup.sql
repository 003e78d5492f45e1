CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE defs (id int PRIMARY KEY, a int DEFAULT 42, b text DEFAULT 'it''s', c numeric(6,2) DEFAULT 1.5, d date DEFAULT '2024-01-02',
 e timestamp DEFAULT '2024-01-02 03:04:05', f timestamptz DEFAULT '2024-01-02 03:04:05+00', g boolean DEFAULT false, h mood DEFAULT 'ok',
 i jsonb DEFAULT '{"a":1}', j text[] DEFAULT '{x,y}', k uuid DEFAULT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', l interval DEFAULT '1 day',
 m bytea DEFAULT '\x0102', n double precision DEFAULT 2.5, o bigint DEFAULT (1 + 2), p varchar(5) DEFAULT substr('abcdef', 1, 3),
 q time DEFAULT '01:02:03', r timestamp DEFAULT now(), s serial, t smallint NOT NULL DEFAULT -1, u real NOT NULL DEFAULT 0.25, v char(3) NOT NULL DEFAULT 'z', w bit(3) DEFAULT B'101', x int GENERATED ALWAYS AS IDENTITY, y inet DEFAULT '10.0.0.1');
INSERT INTO defs (id, r) VALUES (1, '2024-01-01');
INSERT INTO defs (id, a, b, c, d, e, f, g, h, r) VALUES (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
