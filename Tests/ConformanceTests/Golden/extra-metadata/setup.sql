CREATE TABLE a (id int PRIMARY KEY, v text);
CREATE TABLE b (id int, v text);
CREATE TABLE hidden (id int PRIMARY KEY);
INSERT INTO a VALUES (1, 'x'), (2, 'y');
