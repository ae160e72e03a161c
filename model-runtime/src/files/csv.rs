use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use ndarray::{Array1, Array2};

use crate::weights::file;
use crate::{Error, Float};

/// Reads a table whose first line names its columns, with a comma between cells; see [`Csv`] for
/// others.
///
/// ```
/// let path = std::env::temp_dir().join("doc-iris.csv");
/// std::fs::write(&path, "length,width,species\n5.1,3.5,setosa\n6.2,2.9,virginica\n").unwrap();
/// let mut table = model_runtime::files::read_csv(&path)?;
/// let (labels, classes) = table.pop_categories("species")?;
/// assert_eq!(labels, ndarray::array![0.0, 1.0]);
/// assert_eq!(classes, ["setosa", "virginica"]);
/// assert_eq!(table.to_array()?, ndarray::array![[5.1, 3.5], [6.2, 2.9]]);
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::File`] for a file that cannot be read, rows of different lengths, text that is not
/// UTF-8, and two columns of one name.
pub fn read_csv(path: impl AsRef<Path>) -> Result<Table, Error> {
    Csv::default().read(path)
}

/// How a table is written.
///
/// ```
/// use model_runtime::files::Csv;
/// let path = std::env::temp_dir().join("doc-plain.csv");
/// std::fs::write(&path, "1;2\n3;4\n").unwrap();
/// let table = Csv::default().delimiter(b';').has_header(false).read(&path)?;
/// assert_eq!(table.column("1")?, ndarray::array![2.0, 4.0]);
/// # Ok::<(), model_runtime::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv {
    delimiter: u8,
    has_header: bool,
}

impl Default for Csv {
    /// With commas and a header.
    fn default() -> Self {
        Csv { delimiter: b',', has_header: true }
    }
}

impl Csv {
    /// What is between two cells; a comma by default.
    pub fn delimiter(mut self, delimiter: u8) -> Csv {
        self.delimiter = delimiter;
        self
    }

    /// Whether the first line names the columns; yes by default. If not, they are called by their
    /// numbers, from `0` on.
    pub fn has_header(mut self, has_header: bool) -> Csv {
        self.has_header = has_header;
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// As [`read_csv`].
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table, Error> {
        let path = path.as_ref();
        let bytes = file::read(path)?;
        self.decode(&bytes).map_err(|why| file::error(path, "read", why))
    }

    fn decode(&self, bytes: &[u8]) -> Result<Table, String> {
        // What Excel puts before UTF-8.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut builder = ReaderBuilder::new();
        builder.delimiter(self.delimiter).has_headers(self.has_header);
        let mut reader = builder.trim(csv::Trim::All).from_reader(bytes);
        let header = match self.has_header {
            true => reader.headers().map_err(|why| why.to_string())?.clone(),
            false => StringRecord::new(),
        };
        let mut cells = Cells { width: header.len(), ..Cells::default() };
        let mut row = StringRecord::new();
        while reader.read_record(&mut row).map_err(|why| why.to_string())? {
            cells.push(&row);
        }
        let width = cells.width;
        let names: Vec<String> = match self.has_header {
            true => header.iter().map(str::to_owned).collect(),
            false => (0..width).map(|i| i.to_string()).collect(),
        };
        let mut seen = HashSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(format!("two of its columns have the name `{twice}`"));
        }
        let columns = names.into_iter().enumerate().map(|(i, name)| (name, i)).collect();
        Ok(Table { columns, cells })
    }
}

/// The cells of a table, by the names of its columns.
///
/// Cells are text until a column is asked for, so that a column that is not used may hold anything.
///
/// ```
/// use model_runtime::files::{Table, read_csv};
/// use ndarray::array;
/// let path = std::env::temp_dir().join("doc-table.csv");
/// std::fs::write(&path, "id,size,price\na7,1,10\na8,2,20\n").unwrap();
/// let mut table: Table = read_csv(&path)?;
/// table.drop_column("id")?;
/// let price = table.pop("price")?;
/// assert!(table.names().eq(["size"]));
/// assert_eq!((table.to_array()?, price), (array![[1.0], [2.0]], array![10.0, 20.0]));
/// # Ok::<(), model_runtime::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Names, and where the cells are in a row.
    columns: Vec<(String, usize)>,
    cells: Cells,
}

/// The texts of all cells one after the other, which take little more memory than the file.
#[derive(Clone, Debug, Default, PartialEq)]
struct Cells {
    text: String,
    /// Where each of them ends, row by row.
    ends: Vec<usize>,
    /// The cells of a row.
    width: usize,
    /// The line of each row.
    lines: Vec<u64>,
}

impl Cells {
    /// Appends a row, as long as those before.
    fn push(&mut self, row: &StringRecord) {
        self.width = row.len();
        self.lines.push(row.position().map_or(0, csv::Position::line));
        for cell in row {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
    }

    fn get(&self, row: usize, column: usize) -> &str {
        let at = row * self.width + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

impl Table {
    /// The names of the columns, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The number of rows, without the header.
    pub fn len(&self) -> usize {
        self.cells.lines.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.cells.lines.is_empty()
    }

    /// The numbers of a column: `(rows)`.
    ///
    /// # Errors
    /// [`Error::UnknownName`], and [`Error::Cell`] for a cell without a number.
    pub fn column(&self, name: &str) -> Result<Array1<Float>, Error> {
        let (name, place) = &self.columns[self.find(name)?];
        (0..self.len()).map(|row| self.number(row, name, *place)).collect()
    }

    /// The numbers of all columns: `(rows, columns)`.
    ///
    /// # Errors
    /// [`Error::Cell`] for a cell without a number.
    pub fn to_array(&self) -> Result<Array2<Float>, Error> {
        let mut values = Vec::with_capacity(self.len() * self.columns.len());
        for row in 0..self.len() {
            for (name, place) in &self.columns {
                values.push(self.number(row, name, *place)?);
            }
        }
        let shape = (self.len(), self.columns.len());
        Ok(Array2::from_shape_vec(shape, values).expect("a number for each cell"))
    }

    /// Takes the numbers of a column out of the table, such as those of a target.
    ///
    /// # Errors
    /// As [`Table::column`]; the table is then as it was.
    pub fn pop(&mut self, name: &str) -> Result<Array1<Float>, Error> {
        let numbers = self.column(name)?;
        self.drop_column(name)?;
        Ok(numbers)
    }

    /// Takes a column out of the table, its different texts as classes: the label of each row, and
    /// the classes in alphabetical order.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn pop_categories(&mut self, name: &str) -> Result<(Array1<Float>, Vec<String>), Error> {
        let place = self.columns[self.find(name)?].1;
        let texts: BTreeSet<&str> = (0..self.len()).map(|row| self.cells.get(row, place)).collect();
        let classes: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        let label = |row: usize| {
            let text = self.cells.get(row, place);
            let known = classes.binary_search_by(|class| class.as_str().cmp(text));
            known.unwrap_or_else(|next| next) as Float
        };
        let labels = (0..self.len()).map(label).collect();
        self.drop_column(name)?;
        Ok((labels, classes))
    }

    /// Leaves a column out.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn drop_column(&mut self, name: &str) -> Result<(), Error> {
        let at = self.find(name)?;
        self.columns.remove(at);
        Ok(())
    }

    fn find(&self, name: &str) -> Result<usize, Error> {
        let found = self.names().position(|known| known == name);
        let known = || self.names().map(str::to_owned).collect::<Vec<String>>();
        found.ok_or_else(|| Error::UnknownName {
            noun: "column",
            name: name.to_owned(),
            suggestion: None,
            known: known(),
        })
    }

    fn number(&self, row: usize, column: &str, place: usize) -> Result<Float, Error> {
        let text = self.cells.get(row, place);
        text.parse().map_err(|_| Error::Cell {
            line: self.cells.lines[row],
            column: column.to_owned(),
            text: text.chars().take(60).flat_map(char::escape_debug).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn table(text: &str) -> Table {
        Csv::default().decode(text.as_bytes()).unwrap()
    }

    #[test]
    fn columns_are_taken_by_name() {
        let mut table = table("\u{feff}a, b ,\"c, d\"\n1,2,x\n3,4e1,\"y \"\"z\"\"\"\n");
        assert_eq!(table.names().collect::<Vec<_>>(), ["a", "b", "c, d"]);
        let (labels, classes) = table.pop_categories("c, d").unwrap();
        assert_eq!(
            (labels, classes.as_slice()),
            (array![0.0, 1.0], &["x", "y \"z\""].map(String::from)[..])
        );
        assert_eq!(table.to_array().unwrap(), array![[1.0, 2.0], [3.0, 40.0]]);
        assert_eq!(table.pop("a").unwrap(), array![1.0, 3.0]);
        assert_eq!(table.to_array().unwrap(), array![[2.0], [40.0]]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let mut table = table("age,name\n1,x\n,y\n");
        let said = table.pop("age").unwrap_err().to_string();
        assert!(
            said.starts_with("line 3, column `age`: there is no number, but nothing"),
            "{said}"
        );
        assert_eq!(table.names().count(), 2);
        let said = table.column("name").unwrap_err().to_string();
        assert!(said.starts_with("line 2, column `name`: there is no number, but `x`"), "{said}");
        let said = table.column("Age").unwrap_err().to_string();
        assert!(said.contains("there is no column `Age`"), "{said}");
        let fails = |text: &[u8]| Csv::default().decode(text).unwrap_err();
        let said = fails(b"a,b\n1\n");
        assert!(said.contains("line: 2") && said.contains("1 field"), "{said}");
        assert!(fails(b"a\n\xff\n").contains("invalid UTF-8"));
        assert_eq!(fails(b"a,a\n"), "two of its columns have the name `a`");
    }

    #[test]
    fn nothing_is_a_table_too() {
        for text in ["", "\n", "a,b"] {
            let table = table(text);
            assert!(table.is_empty());
            assert_eq!(table.to_array().unwrap().nrows(), 0);
        }
    }
}
