using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>What the validator does with a presented text before it calls a grain, over one SHA-256 of that text.</summary>
public class SecretTextBenchmarks
{
    private string _secret = null!;
    private string _mistyped = null!;
    private byte[] _bytes = null!;

    [GlobalSetup]
    public void CreateSecret()
    {
        var id = VirtualKeyId.New(TimeProvider.System.GetUtcNow());
        _secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live).Reveal();
        _mistyped = _secret[..^1] + (_secret[^1] == '0' ? '8' : '0');
        _bytes = Encoding.ASCII.GetBytes(_secret);
        if (!VirtualKeySecret.TryParse(_secret, out _) || VirtualKeySecret.TryParse(_mistyped, out _))
            throw new InvalidOperationException("The texts are not what they are to be: there is nothing to measure.");
    }

    [Benchmark(Baseline = true)]
    public int Sha256()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return SHA256.HashData(_bytes, hash);
    }

    [Benchmark]
    public Sha256Digest ParseAndDigest() =>
        VirtualKeySecret.TryParse(_secret, out var secret) ? secret.ComputeDigest() : default;

    [Benchmark]
    public bool RefuseBadChecksum() => VirtualKeySecret.TryParse(_mistyped, out _);
}
