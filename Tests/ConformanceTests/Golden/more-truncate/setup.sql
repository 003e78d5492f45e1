CREATE TABLE parent (id int PRIMARY KEY, v text);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent);
CREATE TABLE lone (v text);
INSERT INTO parent VALUES (1, 'a'); INSERT INTO child VALUES (1, 1); INSERT INTO lone VALUES ('x');
