CREATE TABLE t (id serial PRIMARY KEY, region text DEFAULT 'none', code int, secret text NOT NULL DEFAULT 's', name varchar(20));
ALTER TABLE t REPLICA IDENTITY FULL;
CREATE TABLE u (id int PRIMARY KEY, region text DEFAULT 'none', code int);
CREATE TABLE nokey (region text, v int);
INSERT INTO t (region, code, secret, name) VALUES ('north', 1, 'x', 'Ann'), (NULL, NULL, 'y', NULL);
INSERT INTO u VALUES (1, NULL, 7), (2, 'south', NULL);
INSERT INTO nokey VALUES ('a', 1), (NULL, 2);
