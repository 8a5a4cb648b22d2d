using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Authentication;

/// <summary>Configures the key of the administrator.</summary>
internal sealed class AdminKeyOptions
{
    private const int MinLength = 32;

    /// <summary>
    /// Authenticates the admin endpoints of <c>/api/projects</c> (<c>Keys:AdminKey</c>): at least 32 characters, the
    /// same on every host. There is no default.
    /// </summary>
    [Required(ErrorMessage = "Keys:AdminKey is missing: set it to at least 32 random characters.")]
    [MinLength(MinLength, ErrorMessage = "Keys:AdminKey is too short: it needs at least 32 random characters.")]
    public string AdminKey { get; set; } = "";
}
