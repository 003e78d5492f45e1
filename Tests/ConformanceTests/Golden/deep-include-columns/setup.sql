CREATE TABLE a (id int PRIMARY KEY, x text, y text NOT NULL, z numeric(6,2) NOT NULL DEFAULT 2.5);
CREATE TABLE f (k1 int, k2 text, x text, y int, PRIMARY KEY (k2, k1));
ALTER TABLE f REPLICA IDENTITY FULL;
CREATE TABLE n (x text, y text);
INSERT INTO a VALUES (1, 'x', 'y'); INSERT INTO f VALUES (1, 'a', 'x', 2); INSERT INTO n VALUES ('p', 'q');
