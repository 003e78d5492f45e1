INSERT INTO tt SELECT id + 10, d, t, t0, tz, ts, ts0, ts6, tsz, iv, dr FROM tt;
INSERT INTO tt VALUES (3, '2262-04-11', '12:00', '12:00', '12:00+14', '2262-04-11 23:47:16', '1970-01-01', '1970-01-01 00:00:00.000001', '2262-04-11 23:47:16+00', '178000000 years', 'empty');
