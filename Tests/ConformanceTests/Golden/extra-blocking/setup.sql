CREATE TABLE debezium_signal (id varchar(64) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048));
CREATE TABLE t1 (id int PRIMARY KEY, v text);
CREATE TABLE t2 (id int PRIMARY KEY, v text);
INSERT INTO t1 SELECT g, 'a' || g FROM generate_series(1, 4) g;
INSERT INTO t2 SELECT g, 'b' || g FROM generate_series(1, 3) g;
