<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>advice</name>
    <message>
        <source>Nothing arrives from the other side. Ask whether they hear you; if not, hang up and call again.</source>
        <translation>听不到对方的声音。请问一下对方能否听见您；如果不能，请挂断后重拨。</translation>
    </message>
    <message>
        <source>Your network loses {number}% of what you should hear. Use a cable instead of Wi-Fi, or move closer to the router.</source>
        <translation>您的网络丢失了 {number}% 的来话。请改用网线，或离路由器近一些。</translation>
    </message>
    <message>
        <source>Your network loses {number}% of what you say. Use a cable instead of Wi-Fi, or move closer to the router.</source>
        <translation>您的网络丢失了 {number}% 的去话，对方听不全。请改用网线，或离路由器近一些。</translation>
    </message>
    <message>
        <source>The sound comes unevenly ({number} ms). Stop downloads and videos at home, or use a cable.</source>
        <translation>声音断断续续（抖动 {number} 毫秒）。请停下家里的下载和视频，或改用网线。</translation>
    </message>
    <message>
        <source>The sound takes {number} ms there and back. Let the other side finish, and switch off what slows your line.</source>
        <translation>声音往返要 {number} 毫秒。请等对方说完再开口，并关掉占用网络的程序。</translation>
    </message>
</context>
<context>
    <name>approval</name>
    <message>
        <source>{time} left to answer</source>
        <translation>还剩 {time} 答复</translation>
    </message>
    <message>
        <source> · {count} more after this one</source>
        <translation> · 之后还有 {count} 项</translation>
    </message>
    <message>
        <source>{name} asks to see in clear: {field}</source>
        <translation>{name} 申请查看明文：{field}</translation>
    </message>
    <message>
        <source>Reason: {reason}</source>
        <translation>理由：{reason}</translation>
    </message>
</context>
<context>
    <name>button</name>
    <message>
        <source>Key: {key}</source>
        <translation>快捷键：{key}</translation>
    </message>
</context>
<context>
    <name>call-bar</name>
    <message>
        <source>Call</source>
        <translation>通话</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>已静音</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>来电</translation>
    </message>
    <message>
        <source>Unknown caller</source>
        <translation>未知来电</translation>
    </message>
    <message>
        <source>Your call goes on</source>
        <translation>通话仍在继续</translation>
    </message>
    <message>
        <source>Caller</source>
        <translation>来电客户</translation>
    </message>
    <message>
        <source>The call is over. Choose a code and save, then your break begins.</source>
        <translation>通话已结束，请选择小结分类并保存，随后开始休息。</translation>
    </message>
    <message>
        <source>The call is over. Choose a code and save.</source>
        <translation>通话已结束，请选择小结分类并保存。</translation>
    </message>
    <message>
        <source>Sign in to see the customer.</source>
        <translation>签入后即可看到客户资料。</translation>
    </message>
    <message>
        <source>Break after this call</source>
        <translation>通话后休息</translation>
    </message>
    <message>
        <source>Outgoing call</source>
        <translation>呼出</translation>
    </message>
    <message>
        <source>The server is away, so the caller&apos;s record can&apos;t be shown. You can talk.</source>
        <translation>服务器连接中断，暂时看不到客户资料，通话不受影响。</translation>
    </message>
    <message>
        <source>Looking the caller up…</source>
        <translation>正在查找客户资料…</translation>
    </message>
    <message>
        <source>Earlier contacts: {count}</source>
        <translation>此前往来 {count} 次</translation>
    </message>
    <message>
        <source>Not in your customers&apos; records</source>
        <translation>不在客户资料中</translation>
    </message>
    <message>
        <source>Other calls</source>
        <translation>其他通话</translation>
    </message>
    <message>
        <source>Answering puts your present call on hold.</source>
        <translation>接听时，当前通话会自动保持。</translation>
    </message>
</context>
<context>
    <name>call-notice</name>
    <message>
        <source>The other side has put you on hold. They do not hear you.</source>
        <translation>对方已将您保持，现在听不到您说话。</translation>
    </message>
    <message>
        <source>The customer is being passed on. Until that has worked, the call is yours.</source>
        <translation>正在转接客户。转接成功之前，通话仍由您负责。</translation>
    </message>
    <message>
        <source>Nobody has answered yet: what you hear is a tone or an announcement.</source>
        <translation>对方尚未接听：您听到的是回铃音或语音提示。</translation>
    </message>
</context>
<context>
    <name>channels</name>
    <message>
        <source>Phone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Branch visit</source>
        <translation>网点</translation>
    </message>
    <message>
        <source>Mail</source>
        <translation>信函</translation>
    </message>
</context>
<context>
    <name>check</name>
    <message>
        <source>There is no microphone. Plug your headset in, or choose another microphone.</source>
        <translation>没有找到麦克风。请插好耳机，或另选一个麦克风。</translation>
    </message>
    <message>
        <source>There is no headphone. Plug your headset in, or choose another one.</source>
        <translation>没有找到耳机。请插好耳机，或另选一个。</translation>
    </message>
    <message>
        <source>The microphone heard nothing. Switch the headset&apos;s own mute off, move the microphone to your mouth, or choose another microphone.</source>
        <translation>麦克风没有收到声音。请关闭耳机自带的静音，把麦克风移到嘴边，或另选一个麦克风。</translation>
    </message>
    <message>
        <source>Your voice did not come back. Check again; if it stays so, restart the router or try another network.</source>
        <translation>您的声音没有传回来。请再检测一次；如果仍然这样，请重启路由器或换个网络。</translation>
    </message>
    <message>
        <source>The telephone line is not registered. Check your internet connection, then check again.</source>
        <translation>电话线路尚未注册。请检查网络连接，然后再检测一次。</translation>
    </message>
    <message>
        <source>Check sound and network</source>
        <translation>检测声音和网络</translation>
    </message>
    <message>
        <source>Your microphone</source>
        <translation>您的麦克风</translation>
    </message>
    <message>
        <source>What you hear</source>
        <translation>您听到的声音</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Say something: the upper bar should move. Then start. For ten seconds you hear your own voice, and the network is measured.</source>
        <translation>请说句话，上面的音量条应该会动。然后开始检测：十秒内您会听到自己的声音，同时测量网络。</translation>
    </message>
    <message>
        <source>Calling the echo…</source>
        <translation>正在呼叫回声测试……</translation>
    </message>
    <message>
        <source>Speak now. You hear yourself a moment later.</source>
        <translation>请说话。稍后您会听到自己的声音。</translation>
    </message>
    <message>
        <source>The check could not be finished.</source>
        <translation>检测没有完成。</translation>
    </message>
    <message>
        <source>Something needs to be put right before you begin.</source>
        <translation>开始工作前，有问题需要处理。</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>再检测一次</translation>
    </message>
    <message>
        <source>Start the check</source>
        <translation>开始检测</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>还有 {seconds} 秒</translation>
    </message>
    <message>
        <source>All is well. You can begin.</source>
        <translation>一切正常，可以开始工作。</translation>
    </message>
</context>
<context>
    <name>choices</name>
    <message>
        <source>chosen</source>
        <translation>已选</translation>
    </message>
</context>
<context>
    <name>commands</name>
    <message>
        <source>Answer</source>
        <translation>接听</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒接</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保持</translation>
    </message>
    <message>
        <source>Swap calls</source>
        <translation>切换通话</translation>
    </message>
    <message>
        <source>Call somebody</source>
        <translation>拨打电话</translation>
    </message>
    <message>
        <source>Call again</source>
        <translation>重拨</translation>
    </message>
    <message>
        <source>Ask a colleague</source>
        <translation>咨询同事</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>转接</translation>
    </message>
    <message>
        <source>Connect the two</source>
        <translation>接通双方</translation>
    </message>
    <message>
        <source>Talk together</source>
        <translation>一起通话</translation>
    </message>
    <message>
        <source>Talk one by one</source>
        <translation>分开通话</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>拨号键盘</translation>
    </message>
    <message>
        <source>Listen to messages</source>
        <translation>收听留言</translation>
    </message>
    <message>
        <source>Ready for calls</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Take a break</source>
        <translation>小休</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>免打扰</translation>
    </message>
    <message>
        <source>Save wrap-up</source>
        <translation>保存小结</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>签出</translation>
    </message>
    <message>
        <source>Show a field in clear</source>
        <translation>显示一项明文</translation>
    </message>
    <message>
        <source>Hide it again</source>
        <translation>重新遮住</translation>
    </message>
    <message>
        <source>Read it to me</source>
        <translation>读给我听</translation>
    </message>
    <message>
        <source>Let the customer key in a card</source>
        <translation>让客户输入银行卡</translation>
    </message>
    <message>
        <source>Stop keying in</source>
        <translation>停止输入</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Previous step</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Choose 1 in the panel with the focus</source>
        <translation>选当前面板第 1 项</translation>
    </message>
    <message>
        <source>Choose 2 in the panel with the focus</source>
        <translation>选当前面板第 2 项</translation>
    </message>
    <message>
        <source>Choose 3 in the panel with the focus</source>
        <translation>选当前面板第 3 项</translation>
    </message>
    <message>
        <source>Choose 4 in the panel with the focus</source>
        <translation>选当前面板第 4 项</translation>
    </message>
    <message>
        <source>Choose 5 in the panel with the focus</source>
        <translation>选当前面板第 5 项</translation>
    </message>
    <message>
        <source>Choose 6 in the panel with the focus</source>
        <translation>选当前面板第 6 项</translation>
    </message>
    <message>
        <source>Choose 7 in the panel with the focus</source>
        <translation>选当前面板第 7 项</translation>
    </message>
    <message>
        <source>Choose 8 in the panel with the focus</source>
        <translation>选当前面板第 8 项</translation>
    </message>
    <message>
        <source>Choose 9 in the panel with the focus</source>
        <translation>选当前面板第 9 项</translation>
    </message>
    <message>
        <source>Go to customer</source>
        <translation>转到客户资料</translation>
    </message>
    <message>
        <source>Go to script</source>
        <translation>转到话术</translation>
    </message>
    <message>
        <source>Go to wrap-up codes</source>
        <translation>转到小结分类</translation>
    </message>
    <message>
        <source>Write notes</source>
        <translation>写备注</translation>
    </message>
    <message>
        <source>Go to today&apos;s calls</source>
        <translation>转到今日通话</translation>
    </message>
    <message>
        <source>Write text in the call</source>
        <translation>在通话中写文字</translation>
    </message>
    <message>
        <source>Go to the wall</source>
        <translation>转到坐席列表</translation>
    </message>
    <message>
        <source>Filter the wall</source>
        <translation>筛选坐席</translation>
    </message>
    <message>
        <source>Next item</source>
        <translation>下一项</translation>
    </message>
    <message>
        <source>Previous item</source>
        <translation>上一项</translation>
    </message>
    <message>
        <source>Leave the text field</source>
        <translation>离开输入框</translation>
    </message>
    <message>
        <source>Sound devices</source>
        <translation>声音设备</translation>
    </message>
    <message>
        <source>Check sound and network</source>
        <translation>检测声音和网络</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>All actions</source>
        <translation>所有操作</translation>
    </message>
    <message>
        <source>Keys and help</source>
        <translation>按键与帮助</translation>
    </message>
    <message>
        <source>中文 / English</source>
        <translation>中文 / English</translation>
    </message>
    <message>
        <source>Next colour theme</source>
        <translation>切换配色</translation>
    </message>
    <message>
        <source>Next key profile</source>
        <translation>切换键位</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>covering</name>
    <message>
        <source>Hidden while this PC is locked.</source>
        <translation>电脑锁定期间不显示。</translation>
    </message>
    <message>
        <source>Hidden: other programs could capture this window now. It comes back when it is protected.</source>
        <translation>已隐藏：其他程序现在可能截取此窗口。窗口受到保护后会恢复显示。</translation>
    </message>
    <message>
        <source>Hidden while you are in another program. It comes back by itself.</source>
        <translation>您正在使用其他程序，因此暂不显示；返回后会自动恢复。</translation>
    </message>
</context>
<context>
    <name>customer</name>
    <message>
        <source>Show in clear: {field}</source>
        <translation>显示明文：{field}</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>已脱敏</translation>
    </message>
    <message>
        <source>shown as it is</source>
        <translation>原样显示</translation>
    </message>
    <message>
        <source>Shown on the screen only. It can be read to you.</source>
        <translation>只显示在屏幕上，也可以读给您听。</translation>
    </message>
    <message>
        <source>Shown on the screen only.</source>
        <translation>只显示在屏幕上。</translation>
    </message>
    <message>
        <source>Stop asking</source>
        <translation>不再申请</translation>
    </message>
    <message>
        <source>Covered again in {seconds} s</source>
        <translation>{seconds} 秒后重新遮住</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message>
        <source>Your supervisor is asked to agree.</source>
        <translation>正在请督导同意。</translation>
    </message>
    <message>
        <source>Asking for it…</source>
        <translation>正在申请……</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>客户资料</translation>
    </message>
    <message>
        <source>There is no customer&apos;s record in this call.</source>
        <translation>这通电话没有客户资料。</translation>
    </message>
    <message>
        <source>The record can&apos;t be shown while the server is away. It comes by itself.</source>
        <translation>服务器连接中断，暂时看不到客户资料；恢复后自动显示。</translation>
    </message>
    <message>
        <source>The record is on its way…</source>
        <translation>正在调取客户资料…</translation>
    </message>
    <message>
        <source>The caller is not in your customers&apos; records.</source>
        <translation>来电人不在客户资料中。</translation>
    </message>
    <message>
        <source>At this trust level no field may be shown here.</source>
        <translation>本机当前的信任级别不允许显示客户资料。</translation>
    </message>
    <message>
        <source>Earlier contacts</source>
        <translation>往来</translation>
    </message>
</context>
<context>
    <name>desk-check</name>
    <message>
        <source>No microphone and no headphone</source>
        <translation>没有麦克风，也没有耳机</translation>
    </message>
    <message>
        <source>No microphone: customers will not hear you</source>
        <translation>没有麦克风，客户听不到您</translation>
    </message>
    <message>
        <source>No headphone: you will not hear customers</source>
        <translation>没有耳机，您听不到客户</translation>
    </message>
    <message>
        <source>Microphone and headphone found</source>
        <translation>麦克风和耳机正常</translation>
    </message>
    <message>
        <source>Connected, with this PC&apos;s own certificate</source>
        <translation>已连接，使用本机专属证书</translation>
    </message>
    <message>
        <source>Away. Calls go on; saving waits, sealed, on this PC</source>
        <translation>连接中断。通话不受影响，小结先加密存在本机</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行正常</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>This session is being recorded</source>
        <translation>正在录音录屏</translation>
    </message>
    <message>
        <source>Nothing is being recorded</source>
        <translation>未录音录屏</translation>
    </message>
    <message>
        <source>Listening now: {names}</source>
        <translation>正在旁听：{names}</translation>
    </message>
    <message>
        <source>Nobody is listening</source>
        <translation>无人旁听</translation>
    </message>
    <message>
        <source>Telephone line</source>
        <translation>电话线路</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Sound engine</source>
        <translation>语音引擎</translation>
    </message>
    <message>
        <source>Headset</source>
        <translation>耳麦</translation>
    </message>
    <message>
        <source>Recording and listening</source>
        <translation>录制与旁听</translation>
    </message>
    <message>
        <source>This desk</source>
        <translation>工作台状态</translation>
    </message>
</context>
<context>
    <name>dial</name>
    <message>
        <source>Type a name to narrow the list</source>
        <translation>输入姓名筛选</translation>
    </message>
    <message>
        <source>Directory</source>
        <translation>通讯录</translation>
    </message>
    <message>
        <source>Or a number</source>
        <translation>或输入号码</translation>
    </message>
    <message>
        <source>for example 021 5555 1234</source>
        <translation>例如 021 5555 1234</translation>
    </message>
    <message>
        <source>↑ ↓ walk · Enter or the space bar chooses · Esc closes</source>
        <translation>↑ ↓ 移动 · 回车或空格选定 · Esc 关闭</translation>
    </message>
    <message>
        <source>The customer is passed on at once, and the call is over for you. To speak with the colleague first, close this and press {key}.</source>
        <translation>客户会立即转走，您这边的通话随之结束。想先和同事说明情况，请关闭此窗口并按 {key}。</translation>
    </message>
    <message>
        <source>Transfer the call</source>
        <translation>转接通话</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>转接</translation>
    </message>
    <message>
        <source>The customer is put on hold while you speak with the colleague. Then {connect} connects the two, and {swap} takes you back to the customer.</source>
        <translation>您与同事交谈时，客户会被保持。之后按 {connect} 接通双方，按 {swap} 回到客户。</translation>
    </message>
    <message>
        <source>Ask a colleague</source>
        <translation>咨询同事</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>呼叫</translation>
    </message>
    <message>
        <source>Your present call is put on hold while you call.</source>
        <translation>拨打时，当前通话会自动保持。</translation>
    </message>
    <message>
        <source>The call goes out at once. Calls from customers wait meanwhile.</source>
        <translation>选定后立即呼出。其间客户来电会排队等候。</translation>
    </message>
    <message>
        <source>Call somebody</source>
        <translation>拨打电话</translation>
    </message>
    <message>
        <source>Nobody has this in their name.</source>
        <translation>没有匹配的姓名。</translation>
    </message>
    <message>
        <source>Your organisation has put nobody into the directory yet.</source>
        <translation>贵机构的通讯录里还没有联系人。</translation>
    </message>
    <message>
        <source>Type a number first.</source>
        <translation>请先输入号码。</translation>
    </message>
</context>
<context>
    <name>digits</name>
    <message>
        <source>Card number</source>
        <translation>卡号</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>有效期</translation>
    </message>
    <message>
        <source>Security code</source>
        <translation>安全码</translation>
    </message>
    <message>
        <source>Ask for the card number, then the hash key (#). Star (*) starts it again.</source>
        <translation>请客户输入卡号，按井号键（#）结束。按星号键（*）可重新输入。</translation>
    </message>
    <message>
        <source>Ask for month and year, two digits each, such as 0 9 2 8, then hash (#).</source>
        <translation>请客户输入有效期，月份和年份各两位，例如 0 9 2 8，按井号键（#）结束。</translation>
    </message>
    <message>
        <source>Ask for the security code on the card, then hash (#).</source>
        <translation>请客户输入卡上的安全码，按井号键（#）结束。</translation>
    </message>
    <message>
        <source>That number is not right. Ask for it once more, from the first digit.</source>
        <translation>卡号不正确。请客户从第一位重新输入。</translation>
    </message>
    <message>
        <source>That month is over, or is none. Ask for it once more, such as 0 9 2 8.</source>
        <translation>有效期已过或不正确。请客户重新输入，例如 0 9 2 8。</translation>
    </message>
    <message>
        <source>That code is too short or too long. Ask for it once more.</source>
        <translation>安全码位数不对。请客户重新输入。</translation>
    </message>
    <message>
        <source>The card was declined. Nothing was charged.</source>
        <translation>银行卡被拒绝，没有扣款。</translation>
    </message>
    <message>
        <source>It did not work. Nothing was charged; you can try again.</source>
        <translation>未能完成，没有扣款。可以再试一次。</translation>
    </message>
    <message>
        <source>Paid. The card was accepted.</source>
        <translation>已付款，银行卡已受理。</translation>
    </message>
    <message>
        <source>Stopped. Nothing was charged.</source>
        <translation>已停止，没有扣款。</translation>
    </message>
    <message>
        <source>Declined: there is not enough money on the card.</source>
        <translation>被拒绝：卡内余额不足。</translation>
    </message>
    <message>
        <source>Declined: the card is over.</source>
        <translation>被拒绝：银行卡已过期。</translation>
    </message>
    <message>
        <source>Three card numbers were not right. Nothing was charged.</source>
        <translation>卡号三次不正确，没有扣款。</translation>
    </message>
    <message>
        <source>Three months were not right. Nothing was charged.</source>
        <translation>有效期三次不正确，没有扣款。</translation>
    </message>
    <message>
        <source>Three security codes were not right. Nothing was charged.</source>
        <translation>安全码三次不正确，没有扣款。</translation>
    </message>
    <message>
        <source>No key came for too long. Nothing was charged; you can try again.</source>
        <translation>长时间没有按键，没有扣款。可以再试一次。</translation>
    </message>
    <message>
        <source>The call ended before the card was complete. Nothing was charged.</source>
        <translation>输入完成前通话已结束，没有扣款。</translation>
    </message>
    <message>
        <source>This caller&apos;s line sends its keys as sound, which can&apos;t be kept from you. Offer another way to pay.</source>
        <translation>这位客户的线路以声音传送按键，无法对您屏蔽。请提供其他付款方式。</translation>
    </message>
    <message>
        <source>The telephone edge does not know this call. Offer another way to pay.</source>
        <translation>电话接入端不认识这通电话。请提供其他付款方式。</translation>
    </message>
    <message>
        <source>The edge was lost. Nothing was charged. You still hear no key; talk on, and try again or pay another way.</source>
        <translation>与接入端的连接中断，没有扣款。您仍然听不到按键；请继续通话，再试一次或改用其他付款方式。</translation>
    </message>
    <message>
        <source>The payment service did not answer: it may have charged. Don&apos;t try again before you have checked.</source>
        <translation>支付服务没有答复：可能已经扣款。请先核实，再决定是否重试。</translation>
    </message>
    <message>
        <source>{received} of {expected}</source>
        <translation>{received} / {expected} 位</translation>
    </message>
    <message>
        <source>{received} digits</source>
        <translation>{received} 位</translation>
    </message>
    <message>
        <source>, valid</source>
        <translation>，有效</translation>
    </message>
    <message>
        <source>, not right</source>
        <translation>，不正确</translation>
    </message>
    <message>
        <source>The line is being made safe. One moment.</source>
        <translation>正在保护线路，请稍候。</translation>
    </message>
    <message>
        <source>The payment service has the card. One moment.</source>
        <translation>支付服务正在处理，请稍候。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>To come</source>
        <translation>待输入</translation>
    </message>
    <message>
        <source>The customer keys in a card</source>
        <translation>客户输入银行卡</translation>
    </message>
    <message>
        <source>Amount, such as 12.50; empty if the bank knows it</source>
        <translation>金额，例如 12.50；银行已知时留空</translation>
    </message>
    <message>
        <source>Let them key</source>
        <translation>开始输入</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>You both go on hearing each other. The keys are neither heard, seen nor recorded here.</source>
        <translation>双方仍可正常通话。按键在这里听不到、看不到，也不会被录音。</translation>
    </message>
    <message>
        <source>They press the keys of their telephone; you see how many, and whether it is right.</source>
        <translation>客户在自己的电话上按键；您只看到位数以及是否正确。</translation>
    </message>
    <message>
        <source>Type an amount such as 12.50, or nothing.</source>
        <translation>请输入金额，例如 12.50，或留空。</translation>
    </message>
</context>
<context>
    <name>directory</name>
    <message>
        <source>Colleague</source>
        <translation>同事</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
</context>
<context>
    <name>enrol</name>
    <message>
        <source>Enrol this PC</source>
        <translation>激活本机</translation>
    </message>
    <message>
        <source>Once only. IT gave you a code, or a link that has everything in it.</source>
        <translation>只需一次。请输入 IT 部门发给您的激活码，或粘贴完整链接。</translation>
    </message>
    <message>
        <source>Enrolment code or link</source>
        <translation>激活码或链接</translation>
    </message>
    <message>
        <source>Server address</source>
        <translation>服务器地址</translation>
    </message>
    <message>
        <source>Enrol</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Making this PC&apos;s key, then asking the server for its certificate…</source>
        <translation>正在生成本机密钥，并向服务器申请证书…</translation>
    </message>
    <message>
        <source>The link has the address in it.</source>
        <translation>链接中已包含服务器地址。</translation>
    </message>
</context>
<context>
    <name>fields</name>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Mobile</source>
        <translation>手机</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>邮箱</translation>
    </message>
    <message>
        <source>ID card</source>
        <translation>身份证</translation>
    </message>
    <message>
        <source>Passport</source>
        <translation>护照</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>出生日期</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Billing address</source>
        <translation>账单地址</translation>
    </message>
    <message>
        <source>Card number</source>
        <translation>卡号</translation>
    </message>
    <message>
        <source>Bank card</source>
        <translation>银行卡</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Account number</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>Available credit</source>
        <translation>可用额度</translation>
    </message>
    <message>
        <source>Credit limit</source>
        <translation>信用额度</translation>
    </message>
    <message>
        <source>Statement</source>
        <translation>账单</translation>
    </message>
    <message>
        <source>Customer since</source>
        <translation>开户日期</translation>
    </message>
    <message>
        <source>Opening date</source>
        <translation>开户日期</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>开户网点</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>产品</translation>
    </message>
    <message>
        <source>Segment</source>
        <translation>客群</translation>
    </message>
    <message>
        <source>Value score</source>
        <translation>价值分</translation>
    </message>
    <message>
        <source>Number plate</source>
        <translation>车牌</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
</context>
<context>
    <name>form</name>
    <message>
        <source>Please fill this in.</source>
        <translation>请填写此项。</translation>
    </message>
</context>
<context>
    <name>groups</name>
    <message>
        <source>Call</source>
        <translation>通话</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>工作</translation>
    </message>
    <message>
        <source>Customer and script</source>
        <translation>客户与话术</translation>
    </message>
    <message>
        <source>Move around</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>View</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
</context>
<context>
    <name>help</name>
    <message>
        <source>Keys and help</source>
        <translation>按键与帮助</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>A key acts when no text field has the focus. Esc leaves a text field. Two keys are pressed one after the other, never together.</source>
        <translation>焦点不在输入框时，单键直接生效；按 Esc 离开输入框。两个键的操作依次按下，不必同时按。</translation>
    </message>
    <message>
        <source>Digits belong to the panel with the focus: the script or the wrap-up codes. Where neither has it, they choose in the script during a call and in the codes after it. The keys are drawn where they act.</source>
        <translation>数字键作用于焦点所在的面板：话术或小结分类。焦点不在这两处时，通话中选话术，通话后选小结分类。哪里画着数字键，按下就作用在哪里。</translation>
    </message>
    <message>
        <source>Tab moves on, Shift+Tab back. Enter presses the button with the focus. The space bar opens all actions; in a list of choices, and on the keypad, it chooses.</source>
        <translation>Tab 移到下一项，Shift+Tab 移回上一项；回车按下焦点所在的按钮；空格打开“所有操作”，在选择列表和拨号键盘里则表示选定。</translation>
    </message>
</context>
<context>
    <name>idle</name>
    <message>
        <source>Your state</source>
        <translation>您的状态</translation>
    </message>
    <message>
        <source>Let calls through again</source>
        <translation>关闭免打扰，恢复来电</translation>
    </message>
    <message>
        <source>Take calls</source>
        <translation>开始接听</translation>
    </message>
    <message>
        <source>Take a break</source>
        <translation>小休</translation>
    </message>
    <message>
        <source>Call somebody</source>
        <translation>拨打电话</translation>
    </message>
    <message>
        <source>Listen to messages ({count})</source>
        <translation>收听留言（{count}）</translation>
    </message>
    <message>
        <source>Check sound and network</source>
        <translation>检测声音和网络</translation>
    </message>
    <message>
        <source>All actions</source>
        <translation>所有操作</translation>
    </message>
    <message>
        <source>Keys and help</source>
        <translation>按键与帮助</translation>
    </message>
    <message>
        <source>Nobody can call you until you switch this off.</source>
        <translation>关闭免打扰之前，不会有来电。</translation>
    </message>
    <message>
        <source>Calls come in again as soon as the telephone line is back.</source>
        <translation>电话线路恢复后，来电会继续进入。</translation>
    </message>
    <message>
        <source>The next call rings here by itself.</source>
        <translation>下一通来电会自动在这里振铃。</translation>
    </message>
    <message>
        <source>You can take calls as soon as the telephone line is registered.</source>
        <translation>电话线路注册成功后即可开始接听。</translation>
    </message>
    <message>
        <source>No calls come in until you are ready.</source>
        <translation>就绪之前不会有来电。</translation>
    </message>
</context>
<context>
    <name>key-hint</name>
    <message>
        <source>Now the second key</source>
        <translation>请按第二个键</translation>
    </message>
    <message>
        <source>Esc: none of these</source>
        <translation>Esc 取消</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
</context>
<context>
    <name>keypad</name>
    <message>
        <source>star</source>
        <translation>星号</translation>
    </message>
    <message>
        <source>hash</source>
        <translation>井号</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>拨号键盘</translation>
    </message>
    <message>
        <source>Type the digits, or walk with the arrows and press Enter. They go out at once.</source>
        <translation>直接输入数字，或用方向键移动后按回车。按下即发送。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Digits sent: {count}</source>
        <translation>已发送 {count} 位</translation>
    </message>
    <message>
        <source>Nothing sent yet</source>
        <translation>尚未发送</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>退格</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>, then </source>
        <translation>，再按 </translation>
    </message>
</context>
<context>
    <name>narrator</name>
    <message>
        <source>The wrap-up is saved.</source>
        <translation>小结已保存。</translation>
    </message>
    <message>
        <source>Incoming call. {name} Answer: {key}.</source>
        <translation>来电。{name}按 {key} 接听。</translation>
    </message>
    <message>
        <source>A second call waits. {name} Answer: {key}. That puts your present call on hold.</source>
        <translation>有第二个来电。{name}接听请按 {key}，当前通话会自动保持。</translation>
    </message>
    <message>
        <source>Muted: the customer does not hear you.</source>
        <translation>已静音，客户听不到您。</translation>
    </message>
    <message>
        <source>Not muted any more.</source>
        <translation>已取消静音。</translation>
    </message>
    <message>
        <source>The sound is well again.</source>
        <translation>声音恢复正常。</translation>
    </message>
    <message>
        <source>They write: {text}</source>
        <translation>对方写道：{text}</translation>
    </message>
    <message>
        <source>{name}: the call is over.</source>
        <translation>{name}：通话已结束。</translation>
    </message>
    <message>
        <source>Do not disturb.</source>
        <translation>免打扰已开启。</translation>
    </message>
    <message>
        <source>You can be disturbed again.</source>
        <translation>免打扰已关闭。</translation>
    </message>
    <message>
        <source>Break after this call.</source>
        <translation>通话后休息。</translation>
    </message>
    <message>
        <source>No break after this call.</source>
        <translation>已取消通话后休息。</translation>
    </message>
    <message>
        <source>Covered again.</source>
        <translation>已重新遮住。</translation>
    </message>
    <message>
        <source>Your supervisor is asked to agree.</source>
        <translation>正在请督导同意。</translation>
    </message>
    <message>
        <source>{field} is in clear on the screen. To have it read to you: {speak}. To cover it: {hide}.</source>
        <translation>屏幕上正显示{field}的明文。要读给您听：{speak}。要遮住：{hide}。</translation>
    </message>
    <message>
        <source>{field} is in clear on the screen. To cover it: {hide}.</source>
        <translation>屏幕上正显示{field}的明文。要遮住：{hide}。</translation>
    </message>
    <message>
        <source>Agree: {yes}. Refuse: {no}.</source>
        <translation>同意：{yes}。拒绝：{no}。</translation>
    </message>
    <message>
        <source>Listening now: {names}</source>
        <translation>正在旁听：{names}</translation>
    </message>
    <message>
        <source>Nobody listens any more.</source>
        <translation>旁听已结束。</translation>
    </message>
    <message>
        <source>Recording has begun.</source>
        <translation>开始录音录屏。</translation>
    </message>
    <message>
        <source>Recording has ended.</source>
        <translation>录音录屏已结束。</translation>
    </message>
</context>
<context>
    <name>palette</name>
    <message>
        <source>All actions</source>
        <translation>所有操作</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>想做什么？</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>No action has this in its name.</source>
        <translation>没有匹配的操作。</translation>
    </message>
    <message>
        <source>↑ ↓ or Tab choose · Enter or F2 does it · Esc closes</source>
        <translation>↑ ↓ 或 Tab 选择 · Enter 或 F2 执行 · Esc 关闭</translation>
    </message>
</context>
<context>
    <name>problem</name>
    <message>
        <source>What to do: {do}</source>
        <translation>怎么办：{do}</translation>
    </message>
</context>
<context>
    <name>problems</name>
    <message>
        <source>This is not a valid enrolment code.</source>
        <translation>激活码无效。</translation>
    </message>
    <message>
        <source>A character is missing or mistyped. Nothing was sent.</source>
        <translation>可能漏输或输错了字符，尚未发送任何内容。</translation>
    </message>
    <message>
        <source>Compare the code with the one you were given, four characters at a time.</source>
        <translation>请每四个字符一组，与收到的激活码逐一核对。</translation>
    </message>
    <message>
        <source>This is not a server address.</source>
        <translation>服务器地址不正确。</translation>
    </message>
    <message>
        <source>The address should look like desks.example.com or desks.example.com:8443.</source>
        <translation>地址的格式类似 desks.example.com 或 desks.example.com:8443。</translation>
    </message>
    <message>
        <source>Copy the address from the message that brought your code.</source>
        <translation>请从发送激活码的消息中复制地址。</translation>
    </message>
    <message>
        <source>The server does not know this enrolment code.</source>
        <translation>服务器没有这个激活码。</translation>
    </message>
    <message>
        <source>The code may be for another organisation.</source>
        <translation>激活码可能属于其他机构。</translation>
    </message>
    <message>
        <source>Check the server address, then ask IT for a new code.</source>
        <translation>请核对服务器地址，再向 IT 部门申请新的激活码。</translation>
    </message>
    <message>
        <source>This enrolment code has been used.</source>
        <translation>激活码已被使用。</translation>
    </message>
    <message>
        <source>A code works once. If it was not you who used it, somebody else may have.</source>
        <translation>激活码只能用一次。如果不是您本人使用的，可能已被他人使用。</translation>
    </message>
    <message>
        <source>Ask IT for a new code, and tell them if you did not use this one.</source>
        <translation>请向 IT 部门申请新的激活码；如果不是您使用的，请一并告知。</translation>
    </message>
    <message>
        <source>This enrolment code has expired.</source>
        <translation>激活码已过期。</translation>
    </message>
    <message>
        <source>Codes are short-lived, so that a lost one is worth nothing.</source>
        <translation>激活码有效期很短，这样即使遗失也不会被冒用。</translation>
    </message>
    <message>
        <source>Ask IT for a new code.</source>
        <translation>请向 IT 部门申请新的激活码。</translation>
    </message>
    <message>
        <source>The server could not prove that it knows your code.</source>
        <translation>服务器未能证明它持有您的激活码。</translation>
    </message>
    <message>
        <source>Somebody may be listening between this PC and the server, or the address is wrong. Nothing was given away.</source>
        <translation>可能有人在本机与服务器之间窃听，也可能是地址有误。没有泄露任何内容。</translation>
    </message>
    <message>
        <source>Check the server address. If it is right, try another network and tell IT.</source>
        <translation>请核对服务器地址；如果无误，请换一个网络再试，并告知 IT 部门。</translation>
    </message>
    <message>
        <source>The server refused this PC&apos;s certificate request.</source>
        <translation>服务器拒绝了本机的证书申请。</translation>
    </message>
    <message>
        <source>The program may be too old for this server.</source>
        <translation>程序版本可能过旧。</translation>
    </message>
    <message>
        <source>Update the program, then enrol again.</source>
        <translation>请更新程序后重新激活。</translation>
    </message>
    <message>
        <source>The server cannot be reached.</source>
        <translation>无法连接服务器。</translation>
    </message>
    <message>
        <source>Calls go on. Customer data and saving wait until the connection is back.</source>
        <translation>通话不受影响。客户资料和保存要等连接恢复。</translation>
    </message>
    <message>
        <source>Check your internet connection. The desk keeps trying by itself.</source>
        <translation>请检查网络连接，工作台会自动重试。</translation>
    </message>
    <message>
        <source>The server showed a key that is not one of your organisation&apos;s.</source>
        <translation>服务器出示的密钥不属于您所在的机构。</translation>
    </message>
    <message>
        <source>Somebody may be between this PC and the server. The desk sent nothing and will not connect.</source>
        <translation>本机与服务器之间可能有人冒充。工作台没有发送任何内容，也不会连接。</translation>
    </message>
    <message>
        <source>Try another network. If this stays, tell IT the words &apos;server pin&apos;.</source>
        <translation>请换一个网络再试。如果仍然出现，请把“server pin”告诉 IT 部门。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate has expired.</source>
        <translation>服务器证书已过期。</translation>
    </message>
    <message>
        <source>The desk cannot be sure whom it would talk to, so it did not connect.</source>
        <translation>工作台无法确认对方身份，因此没有连接。</translation>
    </message>
    <message>
        <source>Check this PC&apos;s date and time. If they are right, tell IT.</source>
        <translation>请检查本机日期和时间；如果无误，请告知 IT 部门。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is for another host.</source>
        <translation>服务器证书属于另一台主机。</translation>
    </message>
    <message>
        <source>Tell IT the words &apos;server certificate host&apos;.</source>
        <translation>请把“server certificate host”告诉 IT 部门。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate was not issued by your organisation.</source>
        <translation>服务器证书不是您所在机构签发的。</translation>
    </message>
    <message>
        <source>Somebody may be between this PC and the server. The desk sent nothing.</source>
        <translation>本机与服务器之间可能有人冒充。工作台没有发送任何内容。</translation>
    </message>
    <message>
        <source>Try another network. If this stays, tell IT the words &apos;server certificate&apos;.</source>
        <translation>请换一个网络再试。如果仍然出现，请把“server certificate”告诉 IT 部门。</translation>
    </message>
    <message>
        <source>The server did not see this PC&apos;s certificate.</source>
        <translation>服务器没有收到本机证书。</translation>
    </message>
    <message>
        <source>A proxy or a security program may be opening the connection.</source>
        <translation>代理或安全软件可能正在拆解加密连接。</translation>
    </message>
    <message>
        <source>Switch such a program off for this server, or tell IT.</source>
        <translation>请让该软件不处理此服务器的连接，或告知 IT 部门。</translation>
    </message>
    <message>
        <source>This PC&apos;s certificate has expired.</source>
        <translation>本机证书已过期。</translation>
    </message>
    <message>
        <source>It renews itself while the desk is used; this PC was away for too long.</source>
        <translation>使用工作台时证书会自动续期；本机停用时间过长。</translation>
    </message>
    <message>
        <source>Ask IT for a new enrolment code.</source>
        <translation>请向 IT 部门申请新的激活码。</translation>
    </message>
    <message>
        <source>This PC is no longer enrolled.</source>
        <translation>本机已被停用。</translation>
    </message>
    <message>
        <source>IT has withdrawn its certificate.</source>
        <translation>IT 部门已吊销本机证书。</translation>
    </message>
    <message>
        <source>Ask IT why, and for a new enrolment code if you should go on.</source>
        <translation>请向 IT 部门了解原因；如需继续使用，请申请新的激活码。</translation>
    </message>
    <message>
        <source>Name, password or code is wrong.</source>
        <translation>用户名、密码或动态码不正确。</translation>
    </message>
    <message>
        <source>Nobody is signed in.</source>
        <translation>尚未签入。</translation>
    </message>
    <message>
        <source>Try again. The six digits change every 30 seconds and work once.</source>
        <translation>请重试。六位动态码每 30 秒更换一次，且只能使用一次。</translation>
    </message>
    <message>
        <source>Too many attempts to sign in.</source>
        <translation>签入尝试次数过多。</translation>
    </message>
    <message>
        <source>Further attempts are refused for a while, to keep guessers out.</source>
        <translation>为防止他人猜测，一段时间内不再接受尝试。</translation>
    </message>
    <message>
        <source>Wait a few minutes. If you forgot your password, ask your supervisor.</source>
        <translation>请等几分钟。如果忘记了密码，请联系督导。</translation>
    </message>
    <message>
        <source>Your session is over.</source>
        <translation>会话已结束。</translation>
    </message>
    <message>
        <source>You were signed out. A call goes on until it ends.</source>
        <translation>您已被签出，当前通话会继续到结束。</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>请重新签入。</translation>
    </message>
    <message>
        <source>Your session belongs to another PC.</source>
        <translation>会话属于另一台电脑。</translation>
    </message>
    <message>
        <source>A session works only on the PC where you signed in.</source>
        <translation>会话只能在签入的那台电脑上使用。</translation>
    </message>
    <message>
        <source>Sign in again on this PC.</source>
        <translation>请在本机重新签入。</translation>
    </message>
    <message>
        <source>You have signed in on another PC.</source>
        <translation>您已在另一台电脑签入。</translation>
    </message>
    <message>
        <source>A person works at one desk at a time, so this one signed out.</source>
        <translation>一个人同时只能使用一个工作台，因此本机已签出。</translation>
    </message>
    <message>
        <source>Sign in here again to come back. If it was not you, tell IT now.</source>
        <translation>如需继续在本机工作，请重新签入。如果不是您本人，请立即告知 IT 部门。</translation>
    </message>
    <message>
        <source>Your account was switched off.</source>
        <translation>您的账号已停用。</translation>
    </message>
    <message>
        <source>You were signed out.</source>
        <translation>您已被签出。</translation>
    </message>
    <message>
        <source>Ask your supervisor.</source>
        <translation>请联系督导。</translation>
    </message>
    <message>
        <source>You may not do this.</source>
        <translation>您没有此项权限。</translation>
    </message>
    <message>
        <source>Your role does not include it.</source>
        <translation>您的角色不包含此操作。</translation>
    </message>
    <message>
        <source>The server does not have this.</source>
        <translation>服务器上没有这项内容。</translation>
    </message>
    <message>
        <source>It may be over, or not yours.</source>
        <translation>可能已经结束，或不属于您。</translation>
    </message>
    <message>
        <source>Go on with your work.</source>
        <translation>请继续工作。</translation>
    </message>
    <message>
        <source>This was saved before with other content.</source>
        <translation>此前已保存过不同的内容。</translation>
    </message>
    <message>
        <source>What was saved first stays; your text is still here.</source>
        <translation>先保存的内容有效；您的文字还在这里。</translation>
    </message>
    <message>
        <source>Copy what is missing into the next note, or tell your supervisor.</source>
        <translation>请把缺少的内容写进下一条备注，或告知督导。</translation>
    </message>
    <message>
        <source>The desk asked too often.</source>
        <translation>工作台的请求过于频繁。</translation>
    </message>
    <message>
        <source>The server takes a short break from this desk.</source>
        <translation>服务器暂时不处理本工作台的请求。</translation>
    </message>
    <message>
        <source>Wait a moment; the desk tries again by itself.</source>
        <translation>请稍等，工作台会自动重试。</translation>
    </message>
    <message>
        <source>The text is too long for the server.</source>
        <translation>文字过长，服务器无法接收。</translation>
    </message>
    <message>
        <source>It was not saved yet; it is still here.</source>
        <translation>尚未保存，文字还在这里。</translation>
    </message>
    <message>
        <source>Shorten it and save again.</source>
        <translation>请缩短后再保存。</translation>
    </message>
    <message>
        <source>The server did not understand the desk.</source>
        <translation>服务器无法识别工作台的请求。</translation>
    </message>
    <message>
        <source>The program may be too old or too new for this server.</source>
        <translation>程序版本可能与服务器不匹配。</translation>
    </message>
    <message>
        <source>Update the program. If it is new, tell IT.</source>
        <translation>请更新程序；如果已是最新，请告知 IT 部门。</translation>
    </message>
    <message>
        <source>The server is busy or being serviced.</source>
        <translation>服务器繁忙或正在维护。</translation>
    </message>
    <message>
        <source>Calls go on. What you save is kept here, sealed, and sent later.</source>
        <translation>通话不受影响。保存的内容会加密存在本机，稍后发送。</translation>
    </message>
    <message>
        <source>The server made a mistake.</source>
        <translation>服务器出错。</translation>
    </message>
    <message>
        <source>Go on with your work. If it happens again, tell IT the time.</source>
        <translation>请继续工作。如果再次出现，请把时间告诉 IT 部门。</translation>
    </message>
    <message>
        <source>Choose how the call ended.</source>
        <translation>请选择小结分类。</translation>
    </message>
    <message>
        <source>The note is not saved yet; a code is needed with it.</source>
        <translation>小结尚未保存，需要选择一个分类。</translation>
    </message>
    <message>
        <source>Press a digit to choose a code, then save.</source>
        <translation>按数字键选择分类，然后保存。</translation>
    </message>
    <message>
        <source>This PC cannot prove enough about itself to show this.</source>
        <translation>这台电脑还证明不了自己足够安全，不能显示这一项。</translation>
    </message>
    <message>
        <source>What the customer told you stays covered. The call goes on.</source>
        <translation>这一项保持遮住，通话照常。</translation>
    </message>
    <message>
        <source>Open the sign at the foot of the screen to see why, or work with the covered value.</source>
        <translation>屏幕下方“信任”一栏写有原因；也可以用遮住的值继续办理。</translation>
    </message>
    <message>
        <source>This cannot be shown in clear now.</source>
        <translation>这一项现在不能显示明文。</translation>
    </message>
    <message>
        <source>Your organisation&apos;s rules do not allow it in this call, for this work, or to you.</source>
        <translation>按机构的规定，这通电话、这类业务或您的权限不允许。</translation>
    </message>
    <message>
        <source>Work with the covered value, or pass the customer on to somebody who may.</source>
        <translation>请用遮住的值办理，或转给有权限的同事。</translation>
    </message>
    <message>
        <source>You have shown too much in clear within an hour.</source>
        <translation>一小时内显示明文的次数太多了。</translation>
    </message>
    <message>
        <source>The limit protects customers; it is the same for everybody.</source>
        <translation>这个上限是为了保护客户，对每个人都一样。</translation>
    </message>
    <message>
        <source>Work with the covered value, or ask your supervisor.</source>
        <translation>请用遮住的值办理，或请示督导。</translation>
    </message>
    <message>
        <source>Another field is still in clear, or waits for your supervisor.</source>
        <translation>另一项还在显示明文，或正等待督导同意。</translation>
    </message>
    <message>
        <source>One field can be shown at a time.</source>
        <translation>一次只能显示一项。</translation>
    </message>
    <message>
        <source>Cover the other one first, then ask again.</source>
        <translation>请先遮住那一项，再申请。</translation>
    </message>
    <message>
        <source>Your supervisor did not agree, or nobody answered in time.</source>
        <translation>督导没有同意，或没有人及时答复。</translation>
    </message>
    <message>
        <source>The field stays covered.</source>
        <translation>这一项保持遮住。</translation>
    </message>
    <message>
        <source>Go on with the covered value, or ask again with another reason.</source>
        <translation>请用遮住的值继续，或换一个理由再申请。</translation>
    </message>
    <message>
        <source>This PC could not open what the server sent.</source>
        <translation>这台电脑打不开服务器发来的内容。</translation>
    </message>
    <message>
        <source>The field stays covered, and nothing was given away.</source>
        <translation>这一项保持遮住，没有泄露任何内容。</translation>
    </message>
    <message>
        <source>Ask for it again. If it happens again, tell IT.</source>
        <translation>请再申请一次。若再发生，请告诉 IT。</translation>
    </message>
    <message>
        <source>This PC cannot read it to you in private.</source>
        <translation>这台电脑不能只读给您一个人听。</translation>
    </message>
    <message>
        <source>Others in the room could have heard it, so nothing was said.</source>
        <translation>房间里的人可能会听见，所以没有读。</translation>
    </message>
    <message>
        <source>Read it from the screen, or work with the covered value.</source>
        <translation>请看屏幕，或用遮住的值办理。</translation>
    </message>
    <message>
        <source>This PC does not know that only you would hear it.</source>
        <translation>这台电脑不能确定只有您一个人会听见。</translation>
    </message>
    <message>
        <source>No headset is chosen for speech, it is away, or calls ring at the same device. Nothing was said.</source>
        <translation>没有为通话选定耳机，或耳机不在，或来电也在同一设备上响铃。所以没有读。</translation>
    </message>
    <message>
        <source>Open the sound devices, choose your headset for speech and another device to ring at. Then ask again.</source>
        <translation>请打开声音设备，通话选您的耳机，响铃选另一个设备，然后再试。</translation>
    </message>
    <message>
        <source>Your answer came too late.</source>
        <translation>您答复得太晚了。</translation>
    </message>
    <message>
        <source>Somebody else answered first, or the agent no longer needs it.</source>
        <translation>别人先答复了，或坐席已经不需要了。</translation>
    </message>
    <message>
        <source>Nothing to do.</source>
        <translation>不用做什么。</translation>
    </message>
    <message>
        <source>The customer is keying in a card already.</source>
        <translation>客户正在输入银行卡。</translation>
    </message>
    <message>
        <source>One card can be keyed in at a time in a call.</source>
        <translation>一通电话中一次只能输入一张卡。</translation>
    </message>
    <message>
        <source>Open it again to see how far it is, or stop it first.</source>
        <translation>请重新打开查看进度，或先停止。</translation>
    </message>
    <message>
        <source>No card can be keyed in now.</source>
        <translation>现在无法输入银行卡。</translation>
    </message>
    <message>
        <source>The server has no payment service, or no connection to the telephone edge. Nothing was asked of the customer.</source>
        <translation>服务器没有支付服务，或没有与电话接入端的连接。没有向客户提出任何要求。</translation>
    </message>
    <message>
        <source>Try again in a moment. If it stays so, offer another way to pay, and tell IT.</source>
        <translation>请稍后再试。如仍如此，请提供其他付款方式并告知 IT。</translation>
    </message>
    <message>
        <source>A card can be keyed in during a connected call only.</source>
        <translation>只有在接通的通话中才能输入银行卡。</translation>
    </message>
    <message>
        <source>For the server, this call is not connected, or it began while the server was away.</source>
        <translation>对服务器来说，这通电话尚未接通，或是在服务器离线时开始的。</translation>
    </message>
    <message>
        <source>Try again in a moment. If it stays so, ring the customer back.</source>
        <translation>请稍后再试。如仍如此，请回拨客户。</translation>
    </message>
    <message>
        <source>The server does not accept this PC&apos;s signature.</source>
        <translation>服务器不接受这台电脑的签名。</translation>
    </message>
    <message>
        <source>It could not be sure that the question came from your PC. Nothing was shown.</source>
        <translation>它不能确定申请来自您的电脑，所以什么也没有显示。</translation>
    </message>
    <message>
        <source>Check this PC&apos;s date and time, then try again. If it stays, tell IT the words &apos;device proof&apos;.</source>
        <translation>请核对这台电脑的日期和时间，再试一次。若仍如此，请告诉 IT“设备证明”。</translation>
    </message>
    <message>
        <source>The telephone line cannot be reached.</source>
        <translation>无法连接电话线路。</translation>
    </message>
    <message>
        <source>Calls cannot come in until it is back.</source>
        <translation>恢复之前没有来电。</translation>
    </message>
    <message>
        <source>The telephone line showed a key that is not one of your organisation&apos;s.</source>
        <translation>电话线路出示的密钥不属于您所在的机构。</translation>
    </message>
    <message>
        <source>Somebody may be between this PC and the line. The desk did not register.</source>
        <translation>本机与电话线路之间可能有人冒充。工作台没有注册。</translation>
    </message>
    <message>
        <source>Try another network. If this stays, tell IT the words &apos;edge pin&apos;.</source>
        <translation>请换一个网络再试。如果仍然出现，请把“edge pin”告诉 IT 部门。</translation>
    </message>
    <message>
        <source>The telephone line&apos;s certificate is not valid.</source>
        <translation>电话线路的证书无效。</translation>
    </message>
    <message>
        <source>The desk cannot be sure whom it would talk to, so it did not register.</source>
        <translation>工作台无法确认对方身份，因此没有注册。</translation>
    </message>
    <message>
        <source>Check this PC&apos;s date and time. If they are right, tell IT the words &apos;edge certificate&apos;.</source>
        <translation>请检查本机日期和时间；如果无误，请把“edge certificate”告诉 IT 部门。</translation>
    </message>
    <message>
        <source>The telephone line refused this desk&apos;s password.</source>
        <translation>电话线路拒绝了本工作台的口令。</translation>
    </message>
    <message>
        <source>It may have expired; the desk asks the server for a new one by itself.</source>
        <translation>口令可能已过期，工作台会自动向服务器换取新的口令。</translation>
    </message>
    <message>
        <source>Wait a moment. If this stays, sign out and in again.</source>
        <translation>请稍等。如果仍然出现，请签出后重新签入。</translation>
    </message>
    <message>
        <source>The telephone line refused this desk.</source>
        <translation>电话线路拒绝了本工作台。</translation>
    </message>
    <message>
        <source>Calls cannot come in.</source>
        <translation>目前没有来电。</translation>
    </message>
    <message>
        <source>The desk tries again by itself. If this stays, tell IT.</source>
        <translation>工作台会自动重试。如果仍然出现，请告知 IT 部门。</translation>
    </message>
    <message>
        <source>A call was refused because it was not encrypted.</source>
        <translation>一通未加密的来电已被拒绝。</translation>
    </message>
    <message>
        <source>Nobody could have been sure who listens.</source>
        <translation>未加密的通话无法保证不被窃听。</translation>
    </message>
    <message>
        <source>Nothing to do. If it happens again, tell IT.</source>
        <translation>无需处理。如果再次出现，请告知 IT 部门。</translation>
    </message>
    <message>
        <source>The telephone line is away; your call goes on.</source>
        <translation>电话线路断开，通话仍在继续。</translation>
    </message>
    <message>
        <source>You and the customer still hear each other. New calls cannot come in.</source>
        <translation>您和客户仍能听到对方。暂时不会有新的来电。</translation>
    </message>
    <message>
        <source>Go on talking. The desk is looking for another way by itself.</source>
        <translation>请继续通话，工作台会自动寻找其他线路。</translation>
    </message>
    <message>
        <source>The server does not allow this call.</source>
        <translation>服务器不允许这次呼叫。</translation>
    </message>
    <message>
        <source>Nobody was called.</source>
        <translation>没有呼出。</translation>
    </message>
    <message>
        <source>Choose somebody from the list, or ask your supervisor.</source>
        <translation>请从列表中选择，或联系督导。</translation>
    </message>
    <message>
        <source>You cannot call anybody back now.</source>
        <translation>现在不能回拨。</translation>
    </message>
    <message>
        <source>Another call is under way, or the telephone line is away.</source>
        <translation>正在进行另一通电话，或电话线路暂不可用。</translation>
    </message>
    <message>
        <source>End the call or wait for the line, then choose the entry again.</source>
        <translation>请先结束通话或等待线路恢复，再重新选择该记录。</translation>
    </message>
    <message>
        <source>The line is busy.</source>
        <translation>对方占线。</translation>
    </message>
    <message>
        <source>The other side is in another call.</source>
        <translation>对方正在通话。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后再拨。</translation>
    </message>
    <message>
        <source>Nobody answered.</source>
        <translation>无人接听。</translation>
    </message>
    <message>
        <source>It rang at the other side.</source>
        <translation>对方的电话响过铃。</translation>
    </message>
    <message>
        <source>This number or name cannot be called.</source>
        <translation>这个号码或名称无法呼叫。</translation>
    </message>
    <message>
        <source>It does not exist, or it may not be called from here.</source>
        <translation>它不存在，或不允许从这里呼叫。</translation>
    </message>
    <message>
        <source>Check it, or choose somebody else from the list.</source>
        <translation>请核对，或从列表中另选。</translation>
    </message>
    <message>
        <source>The call did not come about.</source>
        <translation>呼叫没有接通。</translation>
    </message>
    <message>
        <source>The other side or the way to it refused it.</source>
        <translation>对方或途中线路拒绝了呼叫。</translation>
    </message>
    <message>
        <source>Try again. If it stays so, tell IT.</source>
        <translation>请重试。如果仍然这样，请告知 IT 部门。</translation>
    </message>
    <message>
        <source>The transfer did not work.</source>
        <translation>转接没有成功。</translation>
    </message>
    <message>
        <source>The call is still yours; the customer has not been cut off.</source>
        <translation>通话仍在您这里，客户没有被挂断。</translation>
    </message>
    <message>
        <source>Take the customer back from hold, or transfer to somebody else.</source>
        <translation>请恢复与客户的通话，或转接给其他人。</translation>
    </message>
    <message>
        <source>Your headset or speaker is gone.</source>
        <translation>耳机或扬声器已断开。</translation>
    </message>
    <message>
        <source>The sound has moved to the best device that is left.</source>
        <translation>声音已切换到剩下的最合适的设备。</translation>
    </message>
    <message>
        <source>Plug it in again; the desk takes it back by itself.</source>
        <translation>重新插上后，工作台会自动切换回来。</translation>
    </message>
    <message>
        <source>The sound engine stopped.</source>
        <translation>语音引擎已停止。</translation>
    </message>
    <message>
        <source>Calls cannot come in for a moment. A new engine is starting by itself.</source>
        <translation>暂时没有来电，新的引擎正在自动启动。</translation>
    </message>
    <message>
        <source>Nothing to do. If it happens again and again, tell IT.</source>
        <translation>无需处理。如果反复出现，请告知 IT 部门。</translation>
    </message>
    <message>
        <source>The sound engine stopped, and your call was cut off.</source>
        <translation>语音引擎已停止，通话已中断。</translation>
    </message>
    <message>
        <source>The customer heard the call end. A new engine is starting by itself.</source>
        <translation>客户那边的通话已断开，新的引擎正在自动启动。</translation>
    </message>
    <message>
        <source>Write in the note that the call was cut off, so that somebody calls back, and save it.</source>
        <translation>请在备注中写明通话中断，以便安排回拨，然后保存。</translation>
    </message>
    <message>
        <source>This PC&apos;s media core lacks TLS 1.2 or SRTP.</source>
        <translation>本机的语音组件不支持 TLS 1.2 或 SRTP。</translation>
    </message>
    <message>
        <source>The desk refuses to telephone without encryption.</source>
        <translation>没有加密，工作台不会通话。</translation>
    </message>
    <message>
        <source>Install the program again from your organisation&apos;s package.</source>
        <translation>请用所在机构提供的安装包重新安装。</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>没有找到麦克风。</translation>
    </message>
    <message>
        <source>Customers will not hear you.</source>
        <translation>客户将听不到您的声音。</translation>
    </message>
    <message>
        <source>Plug your headset in, or switch its microphone on. The desk notices by itself.</source>
        <translation>请插好耳麦，或打开麦克风开关，工作台会自动识别。</translation>
    </message>
    <message>
        <source>There is no headphone or speaker.</source>
        <translation>没有找到耳机或扬声器。</translation>
    </message>
    <message>
        <source>You will not hear customers.</source>
        <translation>您将听不到客户的声音。</translation>
    </message>
    <message>
        <source>Plug your headset in. The desk notices by itself.</source>
        <translation>请插好耳麦，工作台会自动识别。</translation>
    </message>
    <message>
        <source>This PC&apos;s key store is locked or missing.</source>
        <translation>本机的密钥库已锁定或不存在。</translation>
    </message>
    <message>
        <source>The desk keeps its keys there and cannot work without them.</source>
        <translation>工作台的密钥保存在其中，没有它无法工作。</translation>
    </message>
    <message>
        <source>Unlock it (on Linux: the login keyring), then try again.</source>
        <translation>请解锁密钥库（Linux 上为登录密钥环），然后重试。</translation>
    </message>
    <message>
        <source>This PC&apos;s security chip (TPM) does not answer.</source>
        <translation>这台电脑的安全芯片（TPM）没有响应。</translation>
    </message>
    <message>
        <source>The device&apos;s key is in the chip, so the desk can&apos;t prove which PC this is.</source>
        <translation>设备密钥存放在芯片里，因此坐席端无法证明这是哪台电脑。</translation>
    </message>
    <message>
        <source>Restart the PC and try again. If it stays so, or the chip was cleared, ask IT for a new enrolment code.</source>
        <translation>请重启电脑后再试。如果仍然如此，或者芯片已被清除，请向IT部门索取新的注册码。</translation>
    </message>
    <message>
        <source>This PC&apos;s key was not proven to be in a security chip (TPM).</source>
        <translation>未能证明这台电脑的密钥存放在安全芯片（TPM）中。</translation>
    </message>
    <message>
        <source>Your organisation lets people sign in only at PCs whose key can&apos;t be copied.</source>
        <translation>贵机构只允许在密钥无法复制的电脑上登录。</translation>
    </message>
    <message>
        <source>Ask IT: the PC needs a TPM 2.0 that you may use, of a maker on your organisation&apos;s list.</source>
        <translation>请联系IT部门：这台电脑需要一块您有权使用的TPM 2.0，且其厂商在贵机构的名单上。</translation>
    </message>
    <message>
        <source>This PC&apos;s enrolment is damaged.</source>
        <translation>本机的激活信息已损坏。</translation>
    </message>
    <message>
        <source>Its files or its key were changed or lost, so the desk can&apos;t prove who it is.</source>
        <translation>文件或密钥被更改或丢失，工作台无法证明自己的身份。</translation>
    </message>
    <message>
        <source>Ask IT for a new enrolment code and enrol again.</source>
        <translation>请向 IT 部门申请新的激活码，重新激活。</translation>
    </message>
    <message>
        <source>Some of what this desk had kept cannot be opened.</source>
        <translation>本机保存的部分内容无法打开。</translation>
    </message>
    <message>
        <source>It was changed, or sealed with another key. It was set aside, not deleted.</source>
        <translation>内容被更改过，或用其他密钥加密。已另行存放，没有删除。</translation>
    </message>
    <message>
        <source>Tell IT; drafts from before may be missing.</source>
        <translation>请告知 IT 部门；之前的草稿可能缺失。</translation>
    </message>
    <message>
        <source>This PC&apos;s disk is full.</source>
        <translation>本机磁盘已满。</translation>
    </message>
    <message>
        <source>The desk cannot keep a copy of your text. It is still on the screen.</source>
        <translation>工作台无法保存文字副本，文字还在屏幕上。</translation>
    </message>
    <message>
        <source>Free some space now, before you close the desk.</source>
        <translation>请先腾出磁盘空间，再关闭工作台。</translation>
    </message>
    <message>
        <source>The desk is open already.</source>
        <translation>工作台已经打开。</translation>
    </message>
    <message>
        <source>Two of them on one PC would take calls from each other.</source>
        <translation>同时打开两个工作台会互相抢接电话。</translation>
    </message>
    <message>
        <source>Go to the window that is open. If there is none, sign out of this PC and in again.</source>
        <translation>请使用已打开的窗口。如果找不到，请注销本机系统后重新登录。</translation>
    </message>
    <message>
        <source>The server sent settings that your organisation did not sign.</source>
        <translation>服务器发来的配置没有您所在机构的签名。</translation>
    </message>
    <message>
        <source>The desk did not take them and goes on with the ones it has.</source>
        <translation>工作台没有采用，继续使用现有配置。</translation>
    </message>
    <message>
        <source>Tell IT the words &apos;manifest signature&apos;.</source>
        <translation>请把“manifest signature”告诉 IT 部门。</translation>
    </message>
    <message>
        <source>The server sent settings older than the ones in use.</source>
        <translation>服务器发来的配置比现用的更旧。</translation>
    </message>
    <message>
        <source>Tell IT the words &apos;old manifest&apos;.</source>
        <translation>请把“old manifest”告诉 IT 部门。</translation>
    </message>
    <message>
        <source>This PC&apos;s clock is wrong.</source>
        <translation>本机时钟不准。</translation>
    </message>
    <message>
        <source>Certificates and sign-in codes depend on it.</source>
        <translation>证书和动态码都依赖准确的时间。</translation>
    </message>
    <message>
        <source>Set the date and time to automatic, then try again.</source>
        <translation>请把日期和时间设为自动，然后重试。</translation>
    </message>
</context>
<context>
    <name>profiles</name>
    <message>
        <source>Standard keys</source>
        <translation>标准键位</translation>
    </message>
    <message>
        <source>Left-hand keys</source>
        <translation>左手键位</translation>
    </message>
    <message>
        <source>Right-hand keys</source>
        <translation>右手键位</translation>
    </message>
</context>
<context>
    <name>quality</name>
    <message>
        <source>Call quality</source>
        <translation>通话质量</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>一般</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>较差</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>正在测量…</translation>
    </message>
    <message>
        <source>Heard: {loss}% lost · said: {sent}% lost · jitter {jitter} ms · round trip {delay} ms</source>
        <translation>来话丢包 {loss}% · 去话丢包 {sent}% · 抖动 {jitter} 毫秒 · 往返 {delay} 毫秒</translation>
    </message>
    <message>
        <source>Loss {loss}% · round trip {delay} ms</source>
        <translation>丢包 {loss}% · 往返 {delay} 毫秒</translation>
    </message>
    <message>
        <source>Encrypted: {suite}</source>
        <translation>已加密：{suite}</translation>
    </message>
    <message>
        <source>No sound yet</source>
        <translation>尚无声音</translation>
    </message>
</context>
<context>
    <name>quit</name>
    <message>
        <source>A call is on.</source>
        <translation>正在通话。</translation>
    </message>
    <message>
        <source>Closing the desk ends the call. Your note is kept.</source>
        <translation>关闭工作台会挂断当前通话，备注会保留。</translation>
    </message>
    <message>
        <source>Stay in the call</source>
        <translation>继续通话</translation>
    </message>
    <message>
        <source>End the call and close</source>
        <translation>挂断并关闭</translation>
    </message>
</context>
<context>
    <name>reasons</name>
    <message>
        <source>Sign in first</source>
        <translation>请先签入</translation>
    </message>
    <message>
        <source>No call is ringing</source>
        <translation>当前没有来电</translation>
    </message>
    <message>
        <source>No call is on</source>
        <translation>当前没有通话</translation>
    </message>
    <message>
        <source>Nothing to choose here now</source>
        <translation>当前没有可选项</translation>
    </message>
    <message>
        <source>Not while a call is on</source>
        <translation>通话中不可用</translation>
    </message>
    <message>
        <source>Nobody asks for anything</source>
        <translation>没有人在申请</translation>
    </message>
    <message>
        <source>Not in this call as it is now</source>
        <translation>通话的当前状态下不可用</translation>
    </message>
    <message>
        <source>There is only one call</source>
        <translation>只有一个通话</translation>
    </message>
    <message>
        <source>Not while the line is away, nor without a right to call</source>
        <translation>线路断开或没有拨打权限</translation>
    </message>
    <message>
        <source>You have called nobody yet</source>
        <translation>还没有拨打过电话</translation>
    </message>
    <message>
        <source>There are no messages</source>
        <translation>没有留言</translation>
    </message>
    <message>
        <source>Nobody talks together</source>
        <translation>没有多方通话</translation>
    </message>
    <message>
        <source>One field at a time</source>
        <translation>一次只能显示一项</translation>
    </message>
    <message>
        <source>Only while you talk with the customer</source>
        <translation>只有和客户通话时可以</translation>
    </message>
    <message>
        <source>This PC is not trusted enough for it</source>
        <translation>这台电脑的信任级别不够</translation>
    </message>
    <message>
        <source>There is nothing that may be shown in clear now</source>
        <translation>现在没有可以显示明文的项</translation>
    </message>
    <message>
        <source>Nothing is in clear</source>
        <translation>没有正在显示的明文</translation>
    </message>
    <message>
        <source>This PC cannot read it to you</source>
        <translation>这台电脑不能读给您听</translation>
    </message>
    <message>
        <source>Nobody keys in a card now</source>
        <translation>现在没有人在输入银行卡</translation>
    </message>
    <message>
        <source>The telephone line is not registered</source>
        <translation>电话线路尚未注册</translation>
    </message>
    <message>
        <source>Only from a break</source>
        <translation>仅小休时可用</translation>
    </message>
    <message>
        <source>Only while you are ready</source>
        <translation>仅就绪时可用</translation>
    </message>
    <message>
        <source>No wrap-up is open</source>
        <translation>当前没有小结</translation>
    </message>
    <message>
        <source>The call is still on</source>
        <translation>通话尚未结束</translation>
    </message>
    <message>
        <source>Choose a code first</source>
        <translation>请先选择小结分类</translation>
    </message>
    <message>
        <source>Finish the call and its wrap-up first</source>
        <translation>请先结束通话并完成小结</translation>
    </message>
    <message>
        <source>There is no message</source>
        <translation>当前没有提示</translation>
    </message>
    <message>
        <source>No text field has the focus</source>
        <translation>焦点不在输入框</translation>
    </message>
    <message>
        <source>Not on the screen now</source>
        <translation>当前界面没有此项</translation>
    </message>
    <message>
        <source>Not possible now</source>
        <translation>当前不可用</translation>
    </message>
</context>
<context>
    <name>reveal</name>
    <message>
        <source>Or in your own words</source>
        <translation>或者用您自己的话</translation>
    </message>
    <message>
        <source>Your reason, in your own words</source>
        <translation>用您自己的话写理由</translation>
    </message>
    <message>
        <source>for example: the customer asked which number we have</source>
        <translation>例如：客户问我们登记的是哪个号码</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>↑ ↓ walk · Enter or the space bar chooses · Esc closes</source>
        <translation>↑ ↓ 移动 · Enter 或空格键选择 · Esc 关闭</translation>
    </message>
    <message>
        <source>Show in clear: {field}</source>
        <translation>显示明文：{field}</translation>
    </message>
    <message>
        <source>Why do you need it? The reason is kept with the call.</source>
        <translation>为什么需要？理由会随这通电话留存。</translation>
    </message>
    <message>
        <source>Show a field in clear</source>
        <translation>显示一项明文</translation>
    </message>
    <message>
        <source>Which one? It is shown for a moment, then covered again by itself.</source>
        <translation>显示哪一项？只显示片刻，之后自动遮住。</translation>
    </message>
    <message>
        <source>Type a reason first.</source>
        <translation>请先写理由。</translation>
    </message>
</context>
<context>
    <name>script</name>
    <message>
        <source>Script</source>
        <translation>话术</translation>
    </message>
    <message>
        <source>There is no script for this call.</source>
        <translation>本次通话没有话术。</translation>
    </message>
    <message>
        <source>Step {step} of {steps}</source>
        <translation>第 {step} 步，共 {steps} 步</translation>
    </message>
</context>
<context>
    <name>sign-in</name>
    <message>
        <source>Sign in</source>
        <translation>签入</translation>
    </message>
    <message>
        <source>Sign in to your desk.</source>
        <translation>签入坐席工作台</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Six digits</source>
        <translation>六位动态码</translation>
    </message>
    <message>
        <source>From your authenticator app; they change every 30 seconds.</source>
        <translation>见身份验证器应用，每 30 秒更换一次。</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>正在签入…</translation>
    </message>
    <message>
        <source>Hide the password</source>
        <translation>隐藏密码</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>显示密码</translation>
    </message>
    <message>
        <source>Caps Lock is on.</source>
        <translation>大写锁定已打开。</translation>
    </message>
    <message>
        <source>Six digits are needed.</source>
        <translation>请输入六位数字。</translation>
    </message>
</context>
<context>
    <name>sound</name>
    <message>
        <source>Sound devices</source>
        <translation>声音设备</translation>
    </message>
    <message>
        <source>A choice is taken at once and kept for this PC. The check has a meter for your voice.</source>
        <translation>选择后立即生效，并保存在本机。检测里有音量条，可以看到自己的声音。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>What customers hear you with.</source>
        <translation>客户通过它听到您。</translation>
    </message>
    <message>
        <source>Headphones</source>
        <translation>耳机</translation>
    </message>
    <message>
        <source>What you hear customers with.</source>
        <translation>您通过它听到客户。</translation>
    </message>
    <message>
        <source>Where calls ring</source>
        <translation>来电铃声</translation>
    </message>
    <message>
        <source>A speaker is heard even when the headset lies on the table.</source>
        <translation>用扬声器响铃，摘下耳机也能听到。</translation>
    </message>
    <message>
        <source>The caller&apos;s ear</source>
        <translation>通话所在的耳朵</translation>
    </message>
    <message>
        <source>One ear for the caller leaves the other for your screen reader.</source>
        <translation>只用一只耳朵听通话，另一只留给读屏软件。</translation>
    </message>
    <message>
        <source>Both ears</source>
        <translation>双耳</translation>
    </message>
    <message>
        <source>Left ear</source>
        <translation>左耳</translation>
    </message>
    <message>
        <source>screen reader right</source>
        <translation>读屏软件在右耳</translation>
    </message>
    <message>
        <source>Right ear</source>
        <translation>右耳</translation>
    </message>
    <message>
        <source>screen reader left</source>
        <translation>读屏软件在左耳</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>not plugged in</source>
        <translation>未插入</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
</context>
<context>
    <name>starting</name>
    <message>
        <source>Starting: this PC&apos;s keys, then the server…</source>
        <translation>正在启动：读取本机密钥，连接服务器…</translation>
    </message>
</context>
<context>
    <name>states</name>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Not ready</source>
        <translation>未就绪</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Ringing</source>
        <translation>振铃</translation>
    </message>
    <message>
        <source>On a call</source>
        <translation>通话中</translation>
    </message>
    <message>
        <source>Wrap-up</source>
        <translation>小结</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>接通中</translation>
    </message>
    <message>
        <source>Calling</source>
        <translation>正在呼叫</translation>
    </message>
    <message>
        <source>Ringing there</source>
        <translation>对方振铃</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>保持中</translation>
    </message>
    <message>
        <source>Passing on</source>
        <translation>正在转接</translation>
    </message>
    <message>
        <source>Ending</source>
        <translation>挂断中</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待接听</translation>
    </message>
    <message>
        <source>You are on hold</source>
        <translation>对方保持中</translation>
    </message>
    <message>
        <source>Talking together</source>
        <translation>多方通话</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>免打扰</translation>
    </message>
</context>
<context>
    <name>status</name>
    <message>
        <source>Line not registered</source>
        <translation>线路未注册</translation>
    </message>
    <message>
        <source>Registering</source>
        <translation>注册中</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>已注册</translation>
    </message>
    <message>
        <source>Line down</source>
        <translation>线路中断</translation>
    </message>
    <message>
        <source>Messages: {count}</source>
        <translation>留言 {count} 条</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Leave the field</source>
        <translation>离开输入框</translation>
    </message>
    <message>
        <source>All actions</source>
        <translation>所有操作</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>away</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行正常</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录音录屏中</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>未录制</translation>
    </message>
    <message>
        <source>Listening: {names}</source>
        <translation>旁听：{names}</translation>
    </message>
    <message>
        <source>Nobody listens</source>
        <translation>无人旁听</translation>
    </message>
    <message>
        <source>{count} to send</source>
        <translation>{count} 条待发送</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>Trust T{level}</source>
        <translation>信任 T{level}</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>The other side</source>
        <translation>对方</translation>
    </message>
    <message>
        <source>Text in the call</source>
        <translation>通话文字</translation>
    </message>
    <message>
        <source>real time</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>What was written</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Write to the other side</source>
        <translation>写给对方的文字</translation>
    </message>
    <message>
        <source>Every letter is sent at once. Enter begins a new line. Esc leaves the field.</source>
        <translation>输入后立即发送。回车换行，Esc 离开输入框。</translation>
    </message>
    <message>
        <source>Write; the other side sees every letter. Enter: new line</source>
        <translation>输入文字，对方逐字看到。回车换行</translation>
    </message>
    <message>
        <source>Nothing was written yet.</source>
        <translation>还没有文字。</translation>
    </message>
    <message>
        <source>This is too long for one line.</source>
        <translation>一行写得太长了。</translation>
    </message>
</context>
<context>
    <name>themes</name>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
</context>
<context>
    <name>times</name>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} 分 {seconds} 秒</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 小时 {minutes} 分</translation>
    </message>
</context>
<context>
    <name>today</name>
    <message>
        <source>outgoing</source>
        <translation>呼出</translation>
    </message>
    <message>
        <source>Enter calls back</source>
        <translation>按回车回拨</translation>
    </message>
    <message>
        <source>Unknown caller</source>
        <translation>未知来电</translation>
    </message>
    <message>
        <source>Outgoing call</source>
        <translation>呼出</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>未接</translation>
    </message>
    <message>
        <source>Not answered</source>
        <translation>无人接听</translation>
    </message>
    <message>
        <source>Kept here, not sent yet</source>
        <translation>已存本机，待发送</translation>
    </message>
    <message>
        <source>Not coded yet</source>
        <translation>尚未小结</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>回拨</translation>
    </message>
    <message>
        <source>Nobody knows who this was, so nobody can be called back.</source>
        <translation>不知道来电者是谁，无法回拨。</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Today&apos;s calls</source>
        <translation>今日通话</translation>
    </message>
    <message>
        <source>calls answered</source>
        <translation>接听通数</translation>
    </message>
    <message>
        <source>average talk time</source>
        <translation>平均通话</translation>
    </message>
    <message>
        <source>Your calls of today will stand here.</source>
        <translation>今天的通话会列在这里。</translation>
    </message>
</context>
<context>
    <name>trust</name>
    <message>
        <source>No customer data</source>
        <translation>不显示客户资料</translation>
    </message>
    <message>
        <source>Masked data only</source>
        <translation>仅显示脱敏资料</translation>
    </message>
    <message>
        <source>Masked data, can be revealed</source>
        <translation>脱敏资料，可申请显示</translation>
    </message>
    <message>
        <source>Masked data, can be revealed; key in hardware</source>
        <translation>脱敏资料，可申请显示；密钥在硬件中</translation>
    </message>
    <message>
        <source>this PC has not reported its state</source>
        <translation>本机尚未上报状态</translation>
    </message>
    <message>
        <source>this PC&apos;s report is late; it comes by itself as soon as the server can be reached</source>
        <translation>本机的状态报告迟了；连上服务器后会自动补报</translation>
    </message>
    <message>
        <source>this screen could be captured</source>
        <translation>屏幕可能被截取</translation>
    </message>
    <message>
        <source>this PC&apos;s key is not held by hardware</source>
        <translation>密钥不在硬件中</translation>
    </message>
    <message>
        <source>this PC is used from elsewhere; end the remote session and sign in at the PC itself</source>
        <translation>有人从别处使用这台电脑；请结束远程会话，在电脑前登录</translation>
    </message>
    <message>
        <source>this program&apos;s files were changed; ask IT to install it anew</source>
        <translation>本程序的文件被改动过；请 IT 重新安装</translation>
    </message>
    <message>
        <source>a screen is drawn somewhere else; disconnect wireless and virtual screens</source>
        <translation>有屏幕显示在别处；请断开无线屏幕和虚拟屏幕</translation>
    </message>
    <message>
        <source>more screens are connected than allowed; disconnect some</source>
        <translation>连接的屏幕超过允许的数量；请断开一些</translation>
    </message>
    <message>
        <source>there is a microphone without a device; remove virtual sound devices</source>
        <translation>有不属于任何设备的麦克风；请删除虚拟声音设备</translation>
    </message>
    <message>
        <source>this is a virtual machine; start the desk on the PC itself</source>
        <translation>这是虚拟机；请在电脑本身上打开坐席程序</translation>
    </message>
    <message>
        <source>this operating system can&apos;t be checked; ask IT which can</source>
        <translation>无法检查这种操作系统；请向 IT 询问可用的系统</translation>
    </message>
    <message>
        <source>updates are missing; install the system&apos;s updates and restart the PC</source>
        <translation>缺少更新；请安装系统更新并重启电脑</translation>
    </message>
    <message>
        <source>the disk is not encrypted; turn on BitLocker, FileVault or LUKS, or ask IT to help</source>
        <translation>磁盘没有加密；请打开 BitLocker、FileVault 或 LUKS，或请 IT 帮助</translation>
    </message>
    <message>
        <source>the firewall is off; turn it on in the system&apos;s settings</source>
        <translation>防火墙已关闭；请在系统设置中打开</translation>
    </message>
    <message>
        <source>there is no virus protection; turn it on in the system&apos;s settings</source>
        <translation>没有病毒防护；请在系统设置中打开</translation>
    </message>
    <message>
        <source>the screen does not lock soon enough by itself; shorten the time in the system&apos;s settings</source>
        <translation>屏幕没有及时自动锁定；请在系统设置中缩短时间</translation>
    </message>
    <message>
        <source>the clock is wrong; let the system set the time by itself</source>
        <translation>时钟不准；请让系统自动设置时间</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether this PC is used from elsewhere</source>
        <translation>无法得知是否有人从别处使用这台电脑</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether a remote control program runs</source>
        <translation>无法得知是否有远程控制程序在运行</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether a program captures the screen</source>
        <translation>无法得知是否有程序在截取屏幕</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether this program&apos;s files were changed; install the package from IT</source>
        <translation>无法得知本程序的文件是否被改动；请安装 IT 提供的安装包</translation>
    </message>
    <message>
        <source>it can&apos;t be told which screens are connected</source>
        <translation>无法得知连接了哪些屏幕</translation>
    </message>
    <message>
        <source>it can&apos;t be told how many screens are connected</source>
        <translation>无法得知连接了几个屏幕</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether the microphone is a real one</source>
        <translation>无法得知麦克风是不是真实设备</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether this is a virtual machine</source>
        <translation>无法得知这是不是虚拟机</translation>
    </message>
    <message>
        <source>it can&apos;t be told when updates were last installed; install the system&apos;s updates</source>
        <translation>无法得知上次何时安装更新；请安装系统更新</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether the disk is encrypted; ask IT</source>
        <translation>无法得知磁盘是否加密；请询问 IT</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether the firewall is on; ask IT</source>
        <translation>无法得知防火墙是否打开；请询问 IT</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether there is virus protection; ask IT</source>
        <translation>无法得知是否有病毒防护；请询问 IT</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether the screen locks by itself; set a time in the system&apos;s settings</source>
        <translation>无法得知屏幕是否自动锁定；请在系统设置中设定时间</translation>
    </message>
    <message>
        <source>it can&apos;t be told whether the clock is right</source>
        <translation>无法得知时钟是否准确</translation>
    </message>
    <message>
        <source>close {program}: while it runs, customers&apos; data stays hidden</source>
        <translation>请关闭 {program}：它运行时不显示客户资料</translation>
    </message>
    <message>
        <source>close {program}: it can capture the screen</source>
        <translation>请关闭 {program}：它能截取屏幕</translation>
    </message>
    <message>
        <source>close or remove {program}: it can change the voice</source>
        <translation>请关闭或删除 {program}：它能改变声音</translation>
    </message>
    <message>
        <source>Not known yet</source>
        <translation>尚未评定</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>还有 {count} 项</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>: </source>
        <translation>：</translation>
    </message>
</context>
<context>
    <name>view</name>
    <message>
        <source>Language: English</source>
        <translation>语言：中文</translation>
    </message>
</context>
<context>
    <name>wall</name>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>班组</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>通话</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>坐席</translation>
    </message>
    <message>
        <source>Filter by name, team or state</source>
        <translation>按姓名、班组或状态筛选</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>{shown} of {all} agents</source>
        <translation>显示 {shown} / {all} 名坐席</translation>
    </message>
</context>
<context>
    <name>work</name>
    <message>
        <source>Consultation</source>
        <translation>咨询</translation>
    </message>
    <message>
        <source>Marketing</source>
        <translation>营销</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Collections</source>
        <translation>催收</translation>
    </message>
    <message>
        <source>Disputes</source>
        <translation>争议</translation>
    </message>
</context>
<context>
    <name>wrap-up</name>
    <message>
        <source>Wrap-up</source>
        <translation>小结</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Esc leaves the field</source>
        <translation>按 Esc 离开输入框</translation>
    </message>
    <message>
        <source>What was it about, and what was agreed?</source>
        <translation>客户诉求是什么，怎么约定的？</translation>
    </message>
    <message>
        <source>Notes to write: {count}. This is the first.</source>
        <translation>还有 {count} 份小结要写，这是第一份。</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>You can save when the call is over.</source>
        <translation>通话结束后可保存。</translation>
    </message>
    <message>
        <source>Choose a code first.</source>
        <translation>请先选择分类。</translation>
    </message>
    <message>
        <source>The note is full.</source>
        <translation>备注已写满。</translation>
    </message>
    <message>
        <source>{left} characters left</source>
        <translation>还可写 {left} 字</translation>
    </message>
</context>
</TS>
