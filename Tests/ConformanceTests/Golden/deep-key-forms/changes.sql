UPDATE k_dec SET a = 9.75, b = 100.001 WHERE a = 1.5;
UPDATE k_dec SET b = 0.00 WHERE a = 0;
UPDATE k_bytes SET a = '\x', c = false;
UPDATE k_time SET d = '2 mons', a = '1969-12-31 23:59:59.999999+00';
UPDATE k_text SET a = E'line\nbreak\u0001', c = 'sad';
UPDATE k_float SET a = 'NaN', b = 0.1;
UPDATE k_arr SET a = '{3}';
DELETE FROM k_dec; DELETE FROM k_text; DELETE FROM k_arr;
