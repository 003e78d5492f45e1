ALTER DATABASE inventory SET timezone = 'America/New_York';
CREATE TABLE tt (id int PRIMARY KEY, d date, t time, t0 time(0), tz timetz(2), ts timestamp, ts0 timestamp(0), ts6 timestamp(6), tsz timestamptz, iv interval, dr daterange);
INSERT INTO tt VALUES (1, '2024-03-10', '02:30:00.123456', '02:30', '02:30:00.12-07', '2024-03-10 02:30:00.123456', '2024-03-10 02:30', '2024-03-10 02:30:00.5', '2024-03-10 02:30:00 America/New_York', '1 mon -1 day', '[2024-01-01,2024-02-01]');
INSERT INTO tt VALUES (2, '1969-07-20', '24:00:00', '00:00', '24:00:00+00', '1969-07-20 20:17:40', '2000-01-01', '1582-10-15', '1969-07-20 20:17:40+00', '-00:00:00.000001', NULL);
