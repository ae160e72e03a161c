use image::{ImageFormat, Rgb, RgbImage};

use super::*;

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("images-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn picture(color: [u8; 3], format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(5, 3, Rgb(color)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn two_classes(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("b/1.png", &picture([255, 0, 0], ImageFormat::Png));
    folder.put("b/2.JPG", &picture([200, 200, 200], ImageFormat::Jpeg));
    folder.put("a/x.png", &picture([0, 0, 10], ImageFormat::Png));
    folder.put("a/notes.txt", b"no picture");
    folder.put(".hidden/x.png", b"no picture");
    folder.put("loose.png", b"no picture");
    folder
}

#[test]
fn classes_are_sub_folders_and_pictures_get_one_size() {
    let files = two_classes("classes");
    let folder = image_dataset_from_directory(&files.0).unwrap().image_size(4, 2);
    assert_eq!(folder.class_names(), ["a", "b"]);
    let all = folder.load().unwrap();
    assert_eq!(all.images.shape(), [3, 4, 2, 3]);
    assert_eq!(all.labels, ndarray::array![0.0, 1.0, 1.0]);
    assert_eq!(all.images.index_axis(Axis(0), 1)[[3, 1, 0]], 255.0);
    assert!(all.images.index_axis(Axis(0), 2).iter().all(|x| (x - 200.0).abs() < 4.0));
    let gray = folder.clone().color_mode(ColorMode::Grayscale).load().unwrap();
    assert_eq!(gray.images.shape(), [3, 4, 2, 1]);
    let sizes: Vec<usize> = folder.batches(2, 0).map(|b| b.unwrap().labels.len()).collect();
    assert_eq!(sizes, [2, 1]);
    let mixed = folder.shuffle(3);
    let orders: Vec<Vec<usize>> = (0..20).map(|epoch| mixed.order(epoch)).collect();
    assert!(orders.iter().any(|order| *order != orders[0]));
    assert_eq!(mixed.order(4), orders[4]);
}

#[test]
fn what_is_no_picture_is_named() {
    let files = two_classes("bad");
    files.put("b/3.png", b"\x89PNG\r\n\x1a\n");
    let says = || {
        let folder = image_dataset_from_directory(&files.0).unwrap();
        folder.load().unwrap_err().to_string()
    };
    let said = says();
    assert!(said.starts_with("could not read `") && said.contains("3.png"), "{said}");
    // A header that claims 4 billion pixels.
    let mut huge = picture([1, 2, 3], ImageFormat::Png);
    huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    files.put("b/3.png", &huge);
    assert!(says().contains("3.png"));
    // One whose sum is right, and which is a bomb: 10 000 rows of 10 000 in a few bytes.
    let mut bomb = Cursor::new(Vec::new());
    let black = image::GrayImage::new(10_000, 10_000);
    black.write_to(&mut bomb, ImageFormat::Png).unwrap();
    files.put("b/3.png", &bomb.into_inner());
    let said = says();
    assert!(said.contains("it has 10000 rows of 10000 pixels, but at most 67108864"), "{said}");
    files.put("b/3.png", &picture([1, 2, 3], ImageFormat::Png));
    let few = image_dataset_from_directory(&files.0).unwrap().max_pixels(14);
    let said = few.load().unwrap_err().to_string();
    assert!(said.contains("it has 3 rows of 5 pixels, but at most 14"), "{said}");
    let most = few.max_pixels(15).image_size(usize::MAX, 2).load().unwrap_err().to_string();
    assert!(most.contains("such that memory holds a batch"), "{most}");
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let folder = image_dataset_from_directory(&files.0).unwrap();
        let whole = picture([9, 9, 9], format);
        for length in 0..whole.len() {
            let _ = folder.decode(&whole[..length]);
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0xa5;
            let _ = folder.decode(&changed);
        }
    }
    let none = image_dataset_from_directory(files.0.join("a")).unwrap_err().to_string();
    assert!(none.contains("no sub-folders"), "{none}");
    assert!(image_dataset_from_directory(files.0.join("missing")).is_err());
    let folder = image_dataset_from_directory(&files.0).unwrap().image_size(0, 3);
    assert!(folder.load().unwrap_err().to_string().contains("image_size"));
}
