// cli/table.h: columns for people: numbers to the right, words to the left.
#ifndef TOK_CLI_TABLE_H_
#define TOK_CLI_TABLE_H_

#include <string>
#include <vector>

namespace tok::cli {

// Rows of equal length, the first being the header. A column is right-aligned if all its cells below the header look
// like numbers. Ends with a line feed.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

// Digits after the point as given: "4.31".
std::string Fixed(double value, int n_digits);
// As few digits as tell it from any other.
std::string Shortest(double value);

}  // namespace tok::cli

#endif  // TOK_CLI_TABLE_H_
