using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api;

/// <summary>What the REST front end needs to know; a host binds and validates it at start.</summary>
public sealed class ApiSettings
{
    /// <summary>Fewest characters of an admin key.</summary>
    public const int MinAdminKeyLength = 32;

    /// <summary>Authenticates the admin API (<c>Keys:AdminKey</c>).</summary>
    [Required(ErrorMessage = "Keys:AdminKey is missing: set it to at least 32 random characters.")]
    [MinLength(MinAdminKeyLength, ErrorMessage = "Keys:AdminKey is too short: it takes at least 32 random characters.")]
    public string AdminKey { get; set; } = "";

    /// <summary>
    /// How long a host that is asked to stop goes on serving while its readiness tells proxies to send nothing more
    /// (<c>Hosting:DrainDelay</c>), up to a minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "Hosting:DrainDelay must be a time from 00:00:00 to 00:01:00.")]
    public TimeSpan DrainDelay { get; set; }

    /// <summary>
    /// Requests per second and project for everything but <c>verify</c> (<c>Api:RequestsPerSecond</c>); twice as many
    /// may come in one burst.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Api:RequestsPerSecond must be between 1 and 1000000.")]
    public int RequestsPerSecond { get; set; } = 1000;
}
