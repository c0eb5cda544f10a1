/// Given names whose forms in the languages of the region are too far apart for sounds to tell: a table to mend.
///
/// A line is one name, in Latin letters of any language; Chinese transcriptions as their pinyin, with a star. Each spelling finds the
/// others. Only names that millions bear belong here, never a person.
package enum NameEquivalents {
    private static let table = """
        Muhammad Mohammed Muhemmet Memet Mehmet Mehmed Muhamet Magomed Muhammet *maimaiti Mamat Mähämmät *maihemaiti
        Mahmud Mahmut Mehmud Makhmud *mamuti
        Ismail Ismayil Ysmayil Smayil Ismoil *simayi
        Ibrahim Ibragim Ybyrayim Ibrayim Ibrohim *yibulayin
        Yusuf Yusup Zhusip Jusup Yusif Iosif *yusufu
        Yunus Zhunis Junus *yunusi
        Yakub Yaqub Zhaqyp Jakyp Yakup Yoqub
        Ahmad Ahmet Akhmet Akhmad Ehmet *aihemaiti
        Omar Umar Omer Umer Gumar *wumaier
        Osman Usman Usmon Ospan *wusiman
        Hasan Hassan Hesen Asan Khasan *aishan
        Husayn Husein Huseyin Hüsen Khusain Üsen Hosiyin
        Ali Eli Ghali Galy *aili
        Ayesha Aisha Ayshe Ayşe Ayisha *ayixia
        Fatima Fatma Patime Patima Batima Patimah Patiman
        Khadija Hatice Qadisha Hediche
        Maryam Meryem Mariyam Mariam
        Qurban Kurban Gurban Qurbon *kuerban
        Shohrat Shöhret Shuhrat *xuekelaiti
        Shavkat Shewket Şevket Shaukat
        Abdulla Abdullah Ablla Abdullo *abudula Ablah
        Abduwali Abduweli Abdulwali Abduvali *abudouwaili
        Ablajan Abdullajan
        Dawut Davud Daud Dauit Dovud
        Sulayman Suleiman Süleyman Suleimen Sulaymon
        Zakir Zakiri
        Iskandar Iskender Eskendir
        Alexander Aleksandr Alexandre Aleksandar Aliaksandr Oleksandr
        Alexei Aleksei Aliaksei Oleksiy
        Vladimir Volodymyr Wladimir Uladzimir
        Dmitri Dmitriy Dmytro Dzmitry
        Sergei Sergey Serhiy Siarhei
        Nikolai Mykola Mikalai
        Natalia Natalya Nataliya Natalja
        Eugene Yevgeny Evgeniy Evgenij
        """

    /// By phones of a spelling: the phones of all others of its name.
    private static let groups: [[UInt8]: [[UInt8]]] = {
        let reader = PhoneReader()
        var result: [[UInt8]: [[UInt8]]] = [:]
        for line in table.split(separator: "\n") {
            var names: [[UInt8]] = []
            for word in line.split(separator: " ") {
                var phones: [UInt8] = []
                if word.hasPrefix("*") {
                    phones = (Pinyin.split(String(word.dropFirst()), most: 8) ?? []).flatMap { Pinyin.phones($0) }
                } else {
                    reader.read(reader.letters(of: String(word)), .latin, into: &phones)
                }
                if !names.contains(phones) { names.append(phones) }
            }
            for name in names { result[name] = names.filter { $0 != name } }
        }
        return result
    }()

    /// Other spellings of a given name, as phones; none for most.
    package static func others(_ phones: [UInt8]) -> [[UInt8]] { groups[phones] ?? [] }
}
