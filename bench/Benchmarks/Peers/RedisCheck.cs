using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Benchmarks.Loads;
using StackExchange.Redis;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>
/// The lookup of services that cache in Redis: SHA-256 of the secret, a <c>GET</c> by the hash, a check of the expiry.
/// The value needs no parsing, which favors Redis: its first eight bytes are the expiry.
/// </summary>
internal sealed class RedisCheck : ISecretCheck, IAsyncDisposable
{
    private readonly IReadOnlyList<string> _secrets;
    private readonly IReadOnlyList<ConnectionMultiplexer> _multiplexers;

    private RedisCheck(IReadOnlyList<string> secrets, IReadOnlyList<ConnectionMultiplexer> multiplexers) =>
        (_secrets, _multiplexers) = (secrets, multiplexers);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"redis_get_{_multiplexers.Count}_connections");

    /// <param name="server">The server.</param>
    /// <param name="secrets">The secrets to store.</param>
    /// <param name="connections">The number of connections that the callers share.</param>
    public static async Task<RedisCheck> CreateAsync(RedisServer server, IReadOnlyList<string> secrets, int connections)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}");
        var multiplexers = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => ConnectionMultiplexer.ConnectAsync(address)));
        var database = multiplexers[0].GetDatabase();
        await Task.WhenAll(secrets.Select((secret, n) => database.StringSetAsync(CreateKey(secret), CreateValue(n))));
        return new RedisCheck(secrets, multiplexers);
    }

    public async ValueTask<bool> IsValidAsync(int caller, int secret)
    {
        var database = _multiplexers[caller % _multiplexers.Count].GetDatabase();
        var value = (ReadOnlyMemory<byte>)await database.StringGetAsync(CreateKey(_secrets[secret]));
        return value.Length > sizeof(long)
            && BinaryPrimitives.ReadInt64LittleEndian(value.Span) > TimeProvider.System.GetUtcNow().Ticks;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var multiplexer in _multiplexers) await multiplexer.DisposeAsync();
    }

    private static RedisKey CreateKey(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private static RedisValue CreateValue(int n)
    {
        var value = new byte[sizeof(long) + 64];
        BinaryPrimitives.WriteInt64LittleEndian(value, DateTimeOffset.MaxValue.Ticks);
        Encoding.ASCII.GetBytes($"key_{n}", value.AsSpan(sizeof(long)));
        return value;
    }
}
