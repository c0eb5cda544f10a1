/// Chinese characters that foreign names are written with, by the sound that they stand for.
///
/// Chinese writes a name syllable by syllable and a bare consonant with a character of its own; r and l, b and p, d and t, g and
/// k fall together, and so do s, z, sh, zh, ch, j, q, x. The costs of the comparison take that up.
package enum HanPhones {
    /// Phones of a simplified character; nil for characters that names are not written with.
    package static func phones(_ unit: UInt16) -> [UInt8]? { table[unit] }

    /// A watched name as Chinese hears it: t and d before i and e may be ji and qi, k, g and h before i, and k and g
    /// before ü, may be ji, qi and xi, m before b and p is n. Such phones get letters of their own, which the costs know.
    package static func context(_ name: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (index, phone) in name.enumerated() {
            let next = index + 1 < name.count ? name[index + 1] : 0
            let isBeforeI = next == 0x69 || next == 0x49 || next == 0x79
            switch phone {
            case 0x74 where isBeforeI || next == 0x65 || next == 0x45: result.append(0x54)
            case 0x64 where isBeforeI || next == 0x65 || next == 0x45: result.append(0x44)
            case 0x6B, 0x67, 0x71, 0x47: result.append(isBeforeI || next == 0x55 ? 0x51 : phone)
            case 0x78, 0x68: result.append(isBeforeI ? 0x48 : phone)
            case 0x53, 0x59: result.append(0x73)
            case 0x6D where next == 0x62 || next == 0x70: result.append(0x42)
            default: result.append(phone)
            }
        }
        return result
    }

    /// Everyday words that are in the table as well: one of them beside a name does not make the name longer.
    package static func isCommon(_ unit: UInt16) -> Bool { common.contains(unit) || others.contains(unit) }

    /// Characters that hardly stand in anything but names.
    package static func isUsual(_ unit: UInt16) -> Bool {
        table[unit] != nil && !isCommon(unit) && !endings.contains(unit)
    }

    /// Last characters of words that stand before names.
    private static let endings: Set<UInt16> = Set("者席士师家员理使委书记长官人司尔事总夫克亚斯".utf16)

    private static let common: Set<UInt16> = Set(
        "的大不都和可那他二里开来以因者而为说其地达也将则能同过次去多得何河海山东西南北先小年关光天明常正清百友党月运由被强向新同平成定全安通申".utf16)

    private static let table: [UInt16: [UInt8]] = {
        read(rarer).merging(read(usual)) { _, usual in usual }
    }()

    private static let others = Set(read(rarer).keys)

    private static func read(_ table: StaticString) -> [UInt16: [UInt8]] {
        var result: [UInt16: [UInt8]] = [:]
        var phones: [UInt8] = []
        let text = table.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
        for word in text.split(whereSeparator: \.isWhitespace) {
            if word.utf8.first.map({ $0 < 0x80 }) == true || word.hasPrefix("ü") {
                phones = read(word)
            } else {
                for unit in word.utf16 { result[unit] = phones }
            }
        }
        return result
    }

    static func read(_ syllable: Substring, keepsNG: Bool = false) -> [UInt8] {
        var rest = syllable
        var phones: [UInt8] = []
        for (onset, phone) in [("zh", "Z"), ("ch", "C"), ("sh", "X"), ("q", "C"), ("x", "X"), ("j", "J")]
        where rest.hasPrefix(onset) {
            phones += Array(phone.utf8)
            rest = rest.dropFirst(onset.count)
            break
        }
        let isNasal = rest.hasSuffix("ng")
        if isNasal { rest = rest.dropLast(keepsNG ? 2 : 1) }
        for character in rest {
            phones += character == "ü" || character == "v" ? Array("U".utf8) : Array(String(character).utf8)
        }
        if isNasal, keepsNG { phones += Array("N".utf8) }
        return phones
    }

    /// A syllable in pinyin without tones, and the characters that have it in names.
    private static let usual: StaticString = """
        a 阿  e 艾埃爱额厄  o 奥欧敖澳  u 乌吾伍吴武  i 伊依以亦易益衣义怡  ü 玉于雨尤优余  yo 约  ya 亚牙雅娅  ye 叶耶也  an 安  ang 昂
        yan 延燕  yang 扬杨央  in 因音银  ing 英  en 恩  ün 云  ba 巴八拔  bai 拜白柏  ban 班斑  bang 邦  bao 保鲍包
        be 贝别  bi 比毕必碧  bo 波博伯勃  bu 布不卜步  ben 本  bin 宾彬  pa 帕怕  pai 派  pan 潘盘  pe 佩裴  pi 皮匹
        pin 平品  po 坡珀破  pu 普浦朴蒲甫  wen 温翁文  wa 瓦娃  we 维威卫韦魏  wo 沃渥  wan 万旺  wai 外  fu 夫福富弗孚  fa 法
        fei 菲费  fan 凡范  fen 芬  fo 佛  ma 马玛麻  mai 买麦迈  man 曼满  mao 毛茂  me 美梅  mi 米密弥  min 明敏闽
        mo 莫默摩末  mu 木穆姆慕  men 门孟蒙  da 达大  dai 代戴  dan 丹旦当  dao 道  de 德得  di 迪地的蒂  din 丁定  du 都杜独
        duo 多朵  dong 东栋敦顿  ta 塔他  tai 台太泰  tan 坦唐谈  te 特铁帖  ti 提缇  tian 田天  tu 土吐图徒  tuo 托陀
        tun 屯吞  tong 通汤同  sa 萨撒  sai 赛塞  san 三桑  se 色瑟  si 司斯丝思  su 苏素  suo 索所  sun 孙松逊荪  sen 森
        za 扎  zai 再  ze 则泽  zi 孜兹  zu 祖组  zuo 佐左  zan 赞  zen 增曾  ca 察  ci 茨次  sha 沙莎夏  shan 山善尚
        she 舍社  shi 什石史世士施  shu 舒书述  xi 西希喜锡席  xin 新辛欣  xing 兴星  xiao 肖晓  sheng 申生  shao 绍  xie 谢
        xu 许徐旭  xue 雪  xiang 香祥向  ji 吉季基济计  jia 加贾佳  jian 江建坚姜  jie 杰捷  jin 金津京  ju 居  jun 军君准
        jiu 久  zhan 占詹  zhe 者哲折  zhi 支芝  zhu 竹朱珠  zhuo 卓  zhen 真  qi 其切齐奇琪  qia 恰  qiang 强
        qin 秦琴青  qu 曲屈  qiu 秋  cha 查  che 车  chi 池赤  chu 楚  cheng 成程  chao 超朝  chun 春  ka 卡喀
        kai 凯开  kan 坎康堪  kao 考  ke 克科可柯  ku 库苦  kun 昆坤孔  ken 肯  kui 奎  ga 尕噶嘎  gai 盖  gan 甘干刚
        gao 高  ge 格哥戈葛  gen 根  gu 古固谷  guo 果郭  ha 哈  hai 海  han 汗罕汉翰  hang 杭  he 合贺何赫和河  hei 黑
        hu 胡虎呼  hua 华  huai 怀  hong 洪  huo 霍  hui 惠  la 拉喇  lai 来莱赖  lan 兰朗澜  lao 劳老  le 勒乐
        lei 雷蕾  li 力里利丽莉立黎李  lie 列烈  lian 连莲  liang 良梁  lin 林琳灵玲  liu 柳留  lu 鲁卢路  lun 伦仑  luo 罗洛
        lü 吕律  long 龙隆  re 热  ran 然冉  ri 日  ru 茹如入  rou 肉柔  ruo 若  rui 瑞  rong 荣容  er 尔儿耳二  na 纳那娜
        nai 乃奈  nan 南楠  nei 内  ni 尼妮倪  nie 聂涅  ning 宁  nu 努奴  nuo 诺  nong 农  neng 能  niu 纽
        """

    /// Characters that names are written with, but other words as often: after a name, they do not make it longer.
    private static let rarer: StaticString = """
        a 锕  e 鄂娥  o 鸥  yan 艳岩颜  yang 洋  yao 尧姚瑶耀  yue 月岳  yun 运  you 友由  ying 莹  ba 芭  bei 蓓  bai 百  bo 玻
        pang 庞  peng 彭朋蓬  fang 方芳  feng 冯丰  mo 墨  miao 苗  deng 登邓  dang 党  diao 刁  duan 端  tao 陶  tuan 团
        teng 滕  song 宋  sui 隋  zong 宗  zang 臧  cai 蔡  cao 曹  cen 岑  cui 崔  shen 沈  shuo 硕  xia 霞  xian 先鲜仙贤
        xiao 萧小  xie 榭  xiu 修秀  xiong 雄  xuan 轩宣  ji 姬  jiang 蒋  jiao 娇  jing 景静  juan 娟  qi 契  qian 倩千
        qiao 乔  qing 清  quan 全泉  chang 昌常  chen 辰琛  guan 关  guang 光广  gui 桂贵  gong 龚贡宫  hao 豪浩郝  hou 侯  huan 桓
        huang 黄  heng 亨  lang 郎  liao 廖  lu 露  rao 饶  ren 任仁  ruan 阮  run 润  nian 年  luo 萝  zhang 张章  zhao 赵兆
        zheng 郑正  zhong 钟  zhou 周  zhuang 庄  wang 汪  xi 茜  bing 冰
        ting 廷  gang 冈  qiu 丘  zai 宰  zang 藏  cai 采  cuo 措  can 灿  cang 仓  cong 聪  xiu 休  chai 柴  qiong 琼
        miu 缪  mang 芒  nao 瑙  nen 嫩  gua 瓜  gui 圭归  kua 夸  dai 黛  wei 薇威  fu 芙  rui 芮蕊  bao 葆  kuo 阔廓括
        die 迭叠  yin 隐  wa 洼  wan 宛  bai 佰  bo 孛  na 讷  ai 哎  xun 迅  lang 琅
        huan 寰  ke 寇  kui 魁  lian 廉  nong 侬  rang 让
        ting 汀  jiao 焦  jia 嘉  shan 珊姗  zhen 珍  lu 璐  bi 彼  song 颂  po 颇  mo 谟  ming 铭  xie 歇
        """
}
