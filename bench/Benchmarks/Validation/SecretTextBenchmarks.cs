using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>
/// Measures the work of a validator on a presented text before any lookup, against one SHA-256 of the text. The report
/// identifies each benchmark by the name of its method.
/// </summary>
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
            throw new InvalidOperationException("The checksums of the texts are not as expected.");
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
