/// Given names whose forms in the languages of the region are too far apart for sounds to tell: a table to mend.
///
/// A line is one name, in Latin letters of any language; Chinese transcriptions as their pinyin, with a star. Each
/// spelling finds the others. Only names that millions bear belong here, never a person.
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
        Hasan Hassan Hesen Asan Khasan Qasan *aishan
        Husayn Husein Huseyin Hüsen Khusain Üsen Hosiyin
        Ali Eli Ghali Galy *aili
        Ayesha Aisha Ayshe Ayşe Ayisha *ayixia
        Fatima Fatma Patime Patima Batima Patimah Patiman Fatimah
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
        Faisal Faysal Feisal Fayçal Fayssal
        Salahuddin Salahaddin Selahattin Salahattin Salohiddin Salaheddine
        Hoja Khoja Qozha Hoca Xo'ja Ghoja
        Sadiq Sodiq Sadyk Sadik Sidik
        Abdulghafur Abdughopur Abdugapur Abdigapar Abdulgafur
        Jamal Cemal Zhamal Jamol Djamel Gamal
        Jalil Celil Zhalil Djalil
        Mirza Myrza Murza Mirzo
        Qadir Kadir Kadyr Qodir Kadeer
        Habib Hebib Khabib
        Rahman Rehman Rakhman Rahmon
        Rahim Rehim Rakhim
        Karim Kerim Kärim
        Farhad Ferhat Perhat Parhat Farhod *paerhati
        Farida Feride Peride Parida
        Firuza Feruza Piruza Peruza
        Furkat Furqat Purqat
        Mustafa Mustapa Mustofo Mystafa
        Sharif Sherip Sharip Şerif
        Latif Letip Latip
        Arif Arip Orif
        Zulfiya Zulpiya Zülfiye Zilfiya
        Sayfulla Saifullah Saypulla Seypulla
        Isa Eysa Aisa Iso Gaisa
        Idris Idiris Ydyrys
        Ilyas Elias Ilyos
        Ishaq Iskhak Ysqaq Isxoq Isaak
        Tahir Tair Tohir Toxir
        Wali Weli Veli Uali Vali
        Wahid Vahid Uahit Wahit
        Aziz Eziz Gaziz
        Ghulam Gulyam Qulam G'ulom
        Ghaffar Ghappar Ghapar Gapar G'affor
        Tohti Toxti Tokhty Toqty To'xti *tuoheti
        Tursun Dursun Tursyn *tuerxun
        Muhammadamin Mehmetemin Memtimin Muhemmetimin Magomedamin *maimaitiming
        Nurmuhammad Nurmuhemmet Nurmemet Nurmagomed Nurmehmet *nuermaimaiti
        Abdulhakim Abdukhakim Ablikim Abduhekim Abdilhakim *abulikemu
        Abdulhamid Abdukhamid Ablimit Abduhemit Abdilhamit *abulimiti
        Abdulaziz Abduaziz Abliz Abduleziz Abdiaziz *abulizi
        Abdulkarim Abdukarim Abdukerim Ablikerim Abdikarim *abudukelimu
        Abdulrahman Abdurahman Abdurrahman Abdirahman *abudureheman
        Abdulrashid Abdurashid Abdureshit Abdirashid *abudurexiti
        Abdulsalam Abdusalam Abdusselam Abdisalam *abudusalamu
        Abdulghani Abdughani Abdugheni Abdigani
        Abdulqadir Abdulkadir Abduqadir Abdiqadir Abduqodir *abudukadeer
        Alauddin Alavuddin Alaudin Aladin
        Baqytjan Bakhtijan Baxtijon
        Zhenis Jeñis Jeñiş
        Talgat Talghat Talat
        Devlet Davlat Daulet Döwlet
        Iskandar Iskender Eskendir
        Alexander Aleksandr Alexandre *yalishanda Aleksandar Aliaksandr Oleksandr
        Alexei Aleksei Aliaksei Oleksiy
        Vladimir Volodymyr Wladimir Uladzimir
        Dmitri Dmitriy Dmytro Dzmitry
        Sergei Sergey Serhiy Siarhei
        Nikolai Mykola Mikalai
        Natalia Natalya Nataliya Natalja
        Eugene Yevgeny Evgeniy Evgenij
        Mikhail Mykhailo Mikhailo Michail
        Pavel Pavlo Pawel
        Pyotr Petr Petro
        Igor Ihor
        Oleg Oleh
        Grigory Hryhoriy Grigori
        Gennady Hennadiy Gennadi
        Olga Olha Volha
        Elena Yelena Olena Alena
        Ekaterina Yekaterina Kateryna Katerina
        Svetlana Svitlana Sviatlana
        Ksenia Xenia Kseniya
        Fyodor Fedor Fedir
        Semyon Semen
        Artyom Artem
        Kirill Kyrylo
        Konstantin Kostiantyn Kanstantsin
        """

    /// European names and what is heard of them, as Russian writes it down: Майк, Аньес. In Latin letters these are the
    /// very letters or another name: Jan is not Jens.
    private static let heardTable = """
        Agnes Anyes
        Mike Mayk
        Michael *maikeer
        James Jeyms *zhanmusi
        John Jon *yuehan
        Joe Jo *qiao
        George Jorj *qiaozhi
        Georges Jorj
        Charles Charlz Sharl *chaersi
        William Uilyam Vilyam *weilian
        Peter Piter *bide
        Paul Pol *baoluo
        David Deyvid *dawei
        Stephen Steven Stiven *shidifen
        Steve Stiv
        Thomas Tomas *tuomasi
        Henry Henri Genri Khenri Anri *hengli
        Edward Eduard *aidehua
        Joseph Jozef *yuesefu
        Philip Filipp *feilipu
        Matthew Metyu *maxiu
        Andrew Endryu *andelu
        Anthony Entoni *andongni
        Mary Meri *mali
        Elizabeth Elizabet *yilishabai
        Kate Keyt
        Jane Jeyn
        Jake Jeyk
        Jack Jek
        Keith Kit
        Justin Jastin
        Sean Shon
        Brian Brayan
        Ryan Rayan
        Rachel Reychel
        Jean Zhan *rang
        Jacques Zhak *yake
        François Fransua
        Pierre Pyer *pier
        Louis Lui Luis
        Guillaume Giyom
        Nicolas Nikolya
        Laurent Loran
        Vincent Vensan Vinsent
        Gérard Zherar
        Jens Yens
        Jan Yan
        Jürgen Yurgen
        Johann Yogann Yokhan
        Heinrich Genrikh
        Hans Gans Khans
        Hermann German
        Helmut Gelmut
        José Khose *hesai
        Juan Khuan
        Jorge Khorkhe
        Javier Khaver
        """

    /// By phones of a spelling, without what alphabets write at will: the phones of all others of its name.
    private static let groups = groups(table)
    private static let heardGroups = groups(heardTable)

    private static func groups(_ table: String) -> [[UInt8]: [[UInt8]]] {
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
            for name in names { result[coarse(name), default: []] += names.filter { coarse($0) != coarse(name) } }
        }
        return result.mapValues { others in
            others.indices.filter { others.firstIndex(of: others[$0]) == $0 }.map { others[$0] }
        }
    }

    /// Mukhammad as Muhammad, Qurban as Kurban.
    private static func coarse(_ phones: [UInt8]) -> [UInt8] {
        phones.map { phone in
            switch phone {
            case 0x78: 0x68  // x h
            case 0x71: 0x6B  // q k
            case 0x47: 0x67  // G g
            case 0x77: 0x76  // w v
            case 0x49: 0x69  // I i
            case 0x55: 0x75  // U u
            case 0x4F: 0x6F  // O o
            case 0x5A, 0x6A: 0x4A  // Z j J
            default: phone
            }
        }
    }

    /// Other spellings of a given name, as phones; none for most.
    package static func others(_ phones: [UInt8]) -> [[UInt8]] { groups[coarse(phones)] ?? [] }

    /// What is heard of a European given name, as phones, in letters that write by ear.
    package static func heard(_ phones: [UInt8]) -> [[UInt8]] { heardGroups[coarse(phones)] ?? [] }
}
