using System.ComponentModel.DataAnnotations;
using System.Net;
using KeysCluster.Api.Hosting;

namespace KeysCluster.Silo;

/// <summary>What a node needs to know; read and checked before anything starts.</summary>
internal sealed class SiloSettings : IValidatableObject
{
    /// <summary>PostgreSQL (<c>ConnectionStrings:Keys</c>); null turns on the embedded topology.</summary>
    public string? ConnectionString { get; private init; }

    /// <summary>Where the embedded topology keeps its data (<c>Keys:DataDirectory</c>).</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>At least 32 bytes in base64 (<c>Keys:Pepper</c>); the embedded topology makes its own.</summary>
    public string? Pepper { get; set; }

    /// <summary>Orleans' name of this cluster (<c>Cluster:ClusterId</c>).</summary>
    public string ClusterId { get; set; } = "keys";

    /// <summary>Part of every row's key (<c>Cluster:ServiceId</c>): never change it.</summary>
    [StringLength(150, MinimumLength = 1, ErrorMessage = "Cluster:ServiceId takes 1 to 150 characters.")]
    public string ServiceId { get; set; } = "keys";

    /// <summary>Where silos talk to each other (<c>Cluster:SiloPort</c>).</summary>
    [Range(1, 65535, ErrorMessage = "Cluster:SiloPort must be a port, 1 to 65535.")]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Where Orleans clients connect (<c>Cluster:GatewayPort</c>).</summary>
    [Range(1, 65535, ErrorMessage = "Cluster:GatewayPort must be a port, 1 to 65535.")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The IP address under which others reach this node (<c>Cluster:AdvertisedAddress</c>).</summary>
    public string AdvertisedAddress { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>
    /// How long validations outlive the database, and how long a revoke may wait for a silo that does not answer
    /// (<c>Cluster:LeaseDuration</c>): 1 second to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Cluster:LeaseDuration must be a time from 00:00:01 to 00:01:00.")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many keys, and how many projects, a node holds in memory for validations (<c>Keys:CachedKeys</c>), at about 2 KB
    /// each; the least used go first.
    /// </summary>
    [Range(100, 100_000_000, ErrorMessage = "Keys:CachedKeys must be from 100 to 100000000.")]
    public int CachedKeys { get; set; } = ValidatorServices.DefaultCachedKeys;

    public bool IsCluster => ConnectionString is not null;

    /// <summary>Reads and checks them.</summary>
    public static SiloSettings Read(IConfiguration configuration)
    {
        var settings = new SiloSettings { ConnectionString = HostSettings.PostgresConnectionString(configuration) };
        configuration.GetSection("Keys").Bind(settings);
        configuration.GetSection("Cluster").Bind(settings);
        return HostSettings.Validated(settings);
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(AdvertisedAddress, out _))
            yield return new ValidationResult("Cluster:AdvertisedAddress must be an IP address.");
        if (Pepper is null && IsCluster)
            yield return new ValidationResult("Keys:Pepper is missing: set it to at least 32 random bytes in base64, the same on every node.");
        if (Pepper is not null && !IsPepper(Pepper))
            yield return new ValidationResult("Keys:Pepper must be at least 32 bytes in base64.");
    }

    private static bool IsPepper(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= Grains.Secrets.Pepper.MinLength;
    }
}
