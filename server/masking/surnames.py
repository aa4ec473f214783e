"""Family names, which are few in Chinese, and the given names that are frequent in English."""

_SINGLE = """
王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢
姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向
常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦欧霍柳邢岳齐梅庄辛管祝左涂谷祁时舒耿
牟卜路詹关苗凌费纪靳盛童甄项曲成游阳裴席卫查屈鲍位翁隋植甘景薄单包司柏宁柯阮桂闵解强丛华车冉房边辜宫
仇栾刁沙宗滕娄卓鞠党冷应雍晏冀郎习米明巩池糜蔺張劉陳楊黃趙吳孫馬鄭謝許韓鄧馮蕭葉蘇呂盧鍾譚陸範賈鄒閻
龍賀顧龔萬錢嚴湯喬賴龐蘭顏蘆魯畢聶歐齊莊戚喻窦昌岑邬卞穆臧茅骆昝裘贲郁杭钮嵇荣荀芮储巫隗宓郗仰仲伊厉
戎祖韶郜蓟印蒲邰鄂籍屠阴莘劳姬扶宰郦璩濮寿扈燕浦尚瞿慕连艾容古慎戈庾暨衡满匡寇禄阙沃蔚师晁敖融訾阚
简饶荆竺权桓麦束茹胥缪尉萧傅佟展商佘谈邝廉支玉帅平桑农符蒙蓝井闻丘虞楼和
"""
SURNAMES = frozenset("".join(_SINGLE.split()))
_COMPOUND = """
欧阳 上官 司马 诸葛 皇甫 尉迟 公孙 令狐 慕容 司徒 东方 独孤 南宫 夏侯 长孙 宇文 端木 轩辕 百里 呼延 东郭
申屠 太史 澹台 歐陽 司馬 諸葛
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())

_NO_NAMES_BUT_WORDS = """
支付 支行 支出 支票 支撑 支援 谈谈 谈话 谢谢 左耳 右耳 左侧 井号 时长
时期 时钟 麦克 荣幸 连接 连续 尚未 容易 商品 商户 商家 简单 权限 权益
满意 满足 满期 印象 展示 展期 师傅 融资 祖国 方便 高兴 时间 周一 周二 周三 周四 周五 周六 周日 周末 马上 金额 安全 余额
温馨 白金 黄金 任何 应该 应当 方式 方案 方面 关于 于是 全部 成功 成为 毕竟 程度 曾经 包括 查询 解决 严重 施工
支持 万一 常见 常用 平时 平台 平均 明天 明白 明细 明确 单位 单独 单笔 文件 文字 石油 江南 江北 海外 路上 高级
高峰 项目 易懂 管理 管家 安排 安装 安卓 向您 向我 时候 时段 钱包 成本 成交 景区 强制 强调 华为 车辆 车主 车牌
房产 房贷 房屋 边缘 冷静 应用 应付 明年 明日 习惯 和我 和您 和他 平安 米饭 左右 左边 费用 费率 纪念 游客 游戏
解释 解除 解冻 解绑 查看 查账 包含 包邮 田间 康复 高于 任务 温度 严格 盛大 别人 祝您 祝好 常客 于此 施行 路由
关闭 关注 关系 关联 白天 万元 万块 金卡 金融 石材 黄色 白色 马虎 高额 高端 任意 程序 水平 毛病 易用 童装 阳光
卫生 华东 华南 华北 向来 关心 明显 高达 文档 路线 时效 季度 章程 季末 金币 胡乱 何时 何处 何必 何况 何种 许可
许多 余下 余款 林业 周期 周围 周转 周边 安心 牛奶 钟点 管控 曲线 成员 成绩 项下 单据 单价 单子 包裹 包装 解答
解约 应收 应急 明示 习题 方可 平常 平时都 党员 宁可 池子 和谐 强烈 强行 强化 边上 车险 车贷 车费 房租 房东 沙发
米线 文本 文明 文化 龙头 白领 黄牌 万分 万能 万达 常规 常年 常常 付款 付费 付清 付出
"""
NOT_NAMES = frozenset(_NO_NAMES_BUT_WORDS.split())
"""Words that look like a family name and a given one."""

_PINYIN = """
wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang
han deng feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao shen zhong
cui tan fan liao shi jin jia xia fu fang zou xiong bai meng qin qiu hou yin xue yan duan lei long tao gu mao
hao gong shao wan qian dai mo kong xiang ouyang wong chan leung cheung lau lam ng kwok
"""
PINYIN_SURNAMES = frozenset(_PINYIN.split())

_GIVEN = """
james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony mark
donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond
patrick jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy
harold keith christian roger noah gerald carl terry sean austin arthur lawrence jesse dylan bryan joe jordan
billy bruce albert willie gabriel logan alan juan wayne roy ralph randy eugene vincent russell elijah louis
bobby philip johnny mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty
margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca
sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine
christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria
kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara
madison frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle
beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori oliver harry charlie oscar
leo freddie alfie archie isla poppy ava lily evie jane tom bob mike dave steve jim bill ben sam nick tony kate
katie sue liz jenny chris alex tracy leslie shane derek craig todd marcus curtis brett allison erica erin gina
holly jamie jill kathy kristen lee leah lindsay lucy molly monica phillip rhonda ricky rodney stacy stuart tina
troy vanessa wendy whitney tim dan matt josh greg jeff
"""
GIVEN_NAMES = frozenset(_GIVEN.split())
