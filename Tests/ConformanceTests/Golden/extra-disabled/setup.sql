CREATE TABLE a (id int PRIMARY KEY, v text);
CREATE TABLE b (id int PRIMARY KEY, v text);
INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (1, 'y');
CREATE PUBLICATION golden_pub FOR TABLE a WITH (publish = 'insert, delete');
