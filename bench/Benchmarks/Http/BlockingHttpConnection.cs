using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KeysCluster.Benchmarks.Http;

/// <summary>
/// A persistent connection that sends prepared requests one after the other, and blocks its thread meanwhile. It takes
/// less processor time than <see cref="HttpClient"/>. It reads responses of Kestrel only. Not thread-safe.
/// </summary>
internal sealed class BlockingHttpConnection : IDisposable
{
    private const int InitialBufferBytes = 16 * 1024;

    /// <summary>Longer than a silo takes to respond in any case.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private byte[] _buffer = new byte[InitialBufferBytes];

    private BlockingHttpConnection(Socket socket) => _socket = socket;

    /// <summary>Whether the server has sent something, or has closed the connection.</summary>
    public bool HasInput => _socket.Poll(0, SelectMode.SelectRead);

    /// <param name="from">The address of the client.</param>
    /// <param name="port">The port of the server on this machine.</param>
    public static BlockingHttpConnection Open(IPAddress from, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Timeout.TotalMilliseconds,
            SendTimeout = (int)Timeout.TotalMilliseconds,
        };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            socket.Connect(IPAddress.Loopback, port);
            return new BlockingHttpConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a part of a request.</summary>
    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    /// <summary>Sends a request and reads its response.</summary>
    /// <exception cref="SocketException">The connection is closed, or timed out.</exception>
    public HttpReply Exchange(ReadOnlySpan<byte> request)
    {
        Send(request);
        var length = 0;
        var headers = -1;
        while (true)
        {
            if (length == _buffer.Length) Array.Resize(ref _buffer, 2 * length);
            var read = _socket.Receive(_buffer.AsSpan(length));
            if (read == 0) throw new SocketException((int)SocketError.ConnectionReset);
            length += read;
            if (headers < 0) headers = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (headers < 0) continue;
            var text = _buffer.AsSpan(0, headers);
            var body = _buffer.AsSpan((headers + 4)..length);
            if (IsComplete(text, body))
                return new HttpReply(int.Parse(text.Slice(9, 3), CultureInfo.InvariantCulture), body);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsComplete(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> body)
    {
        var start = headers.IndexOf("\r\nContent-Length: "u8);
        if (start < 0) return body.SequenceEqual("0\r\n\r\n"u8) || body.EndsWith("\r\n0\r\n\r\n"u8);
        var value = headers[(start + "\r\nContent-Length: "u8.Length)..];
        return Utf8Parser.TryParse(value, out int length, out _) && body.Length >= length;
    }
}
