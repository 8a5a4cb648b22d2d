using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeysCluster.Hosting;
using KeysCluster.Security.Certificates;

namespace KeysCluster.Api.Tls;

/// <summary>The certificate of the API, with its chain, which is read again after a change of its files.</summary>
internal sealed partial class ApiCertificate
{
    private readonly ReloadedFiles<SslStreamCertificateContext> _files;

    /// <exception cref="StartupException">A file is missing or cannot be used.</exception>
    public ApiCertificate(ApiTlsOptions options, TimeProvider time, ILogger<ApiCertificate> logger)
    {
        if (options is not { Certificate: { } certificate, Key: { } key })
            throw new StartupException("Api:Tls needs both Api:Tls:Certificate and Api:Tls:Key.");
        try
        {
            _files = new([certificate, key], content => Load(content[0], content[1]), time, privateFile: key)
            {
                Reloaded = loaded => LogReloaded(logger, loaded.TargetCertificate.NotAfter.ToUniversalTime()),
                ReloadFailed = reason => LogReloadFailed(logger, reason),
            };
        }
        catch (InvalidOperationException exception)
        {
            throw new StartupException($"Api:Tls cannot be used: {exception.Message}");
        }
    }

    public SslStreamCertificateContext Current => _files.Current;

    private static SslStreamCertificateContext Load(string certificatePem, string keyPem)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        if (chain.Count == 0) throw new CryptographicException("The file has no certificate in PEM.");
        return SslStreamCertificateContext.Create(
            X509Certificate2.CreateFromPem(certificatePem, keyPem), chain, offline: true);
    }
}
