namespace KeysCluster.Api.Tls;

/// <summary>
/// Configures the certificate of addresses that begin with <c>https://</c> (the section Api:Tls). Both files are
/// required. They are read again after a change, and new connections use the new certificate.
/// </summary>
internal sealed class ApiTlsOptions
{
    /// <summary>
    /// The path of the certificate of this host in PEM, with those of intermediate authorities after it
    /// (<c>Api:Tls:Certificate</c>). There is no default.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>
    /// The path of its private key, in PEM without a password (<c>Api:Tls:Key</c>). There is no default.
    /// </summary>
    public string? Key { get; set; }
}
