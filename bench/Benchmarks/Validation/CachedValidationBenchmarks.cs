using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>
/// Measures a validation from the cache of the silo in this process, against one SHA-256 of the secret. The report
/// identifies each benchmark by the name of its method.
/// </summary>
public class CachedValidationBenchmarks
{
    private const int Calls = 1000;

    private static readonly string[] GrantedPermissions = ["models:gpt-4o", "files:read", "embeddings:*", "chat:write"];
    private static readonly string[] RequiredPermissions = ["chat:write"];

    private InProcessSilo _silo = null!;
    private IVirtualKeyValidator _validator = null!;
    private string _secret = null!;
    private byte[] _bytes = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _silo = await InProcessSilo.StartAsync(SiloStorageExtensions.UseMemory);
        var key = await BenchmarkKey.CreateAsync(_silo.Grains);
        await key.Grain.Update(new UpdateVirtualKeyCommand
        {
            Caller = BenchmarkKey.Caller,
            Permissions = GrantedPermissions,
        });
        _validator = _silo.Validator;
        _secret = key.Secret.Reveal();
        _bytes = Encoding.ASCII.GetBytes(_secret);
        if (!(await _validator.ValidateAsync(_secret, permissions: RequiredPermissions)).IsValid)
            throw new InvalidOperationException("The secret is not valid.");
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _silo.DisposeAsync();

    [Benchmark(Baseline = true)]
    public int Sha256OfTheSecret()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return SHA256.HashData(_bytes, hash);
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task CachedValidate()
    {
        for (var i = 0; i < Calls; i++) await _validator.ValidateAsync(_secret);
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task CachedValidateWithPermission()
    {
        for (var i = 0; i < Calls; i++) await _validator.ValidateAsync(_secret, permissions: RequiredPermissions);
    }
}
