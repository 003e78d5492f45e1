CREATE TABLE debezium_signal (id varchar(64) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048));
CREATE TABLE t1 (id int PRIMARY KEY, v numeric(5,2) DEFAULT 1, w text);
INSERT INTO t1 SELECT g, g, 'w' FROM generate_series(1, 3) g;
