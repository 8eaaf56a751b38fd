"""Tables and answers in the formats that people take away. Reads only, decides no number."""
