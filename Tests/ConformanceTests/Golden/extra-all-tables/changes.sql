INSERT INTO b VALUES ('z');
CREATE TABLE c (id int PRIMARY KEY, v text DEFAULT 'd');
INSERT INTO c VALUES (1), (2);
CREATE TABLE parent (id int PRIMARY KEY, v text);
CREATE TABLE kid (extra int) INHERITS (parent);
INSERT INTO kid VALUES (1, 'k', 2);
INSERT INTO parent VALUES (2, 'p');
-- @settle
UPDATE c SET id = 5 WHERE id = 2;
DROP TABLE a;
INSERT INTO parent VALUES (3, 'after the drop');
