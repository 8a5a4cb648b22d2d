namespace KeysCluster.Api.Authentication;

/// <summary>Configures the keys of the administrators. At least one is required.</summary>
internal sealed class AdminKeyOptions
{
    /// <summary>The shortest <see cref="AdminKey"/>, in characters.</summary>
    public const int MinLength = 32;

    /// <summary>32 random hexadecimal digits have fewer different ones once in 370,000 keys.</summary>
    public const int MinDistinctCharacters = 9;

    private const string NotAfter = "NotAfter";

    /// <summary>
    /// The text of the admin key <c>default</c> (<c>Keys:AdminKey</c>): at least 32 characters, without the
    /// surrounding white space, the same on every host. There is no default.
    /// </summary>
    public string? AdminKey { get; set; }

    /// <summary>
    /// The admin keys with names. <c>Keys:AdminKeys:{name}</c> is the digest of a key, <c>sha256:</c> and 64 hex
    /// digits. <c>Keys:AdminKeys:{name}:NotAfter</c> is the last moment at which the key is accepted.
    /// </summary>
    public IReadOnlyList<NamedAdminKeyOptions> AdminKeys { get; set; } = [];

    /// <summary>Reads the settings without checking them.</summary>
    public void Read(IConfiguration configuration)
    {
        AdminKey = configuration["Keys:AdminKey"];
        var section = configuration.GetSection("Keys:AdminKeys");
        AdminKeys = [.. section.GetChildren().Select(ReadNamed)];

        // A digest without a name, which the check of the names refuses.
        if (!string.IsNullOrEmpty(section.Value)) AdminKeys = [.. AdminKeys, new NamedAdminKeyOptions("", null)];
    }

    private static NamedAdminKeyOptions ReadNamed(IConfigurationSection key) => new(
        key.Key,
        key.Value,
        key[NotAfter],
        key.GetChildren().Any(setting => !IsNotAfter(setting) || setting.GetChildren().Any()));

    private static bool IsNotAfter(IConfigurationSection setting) =>
        setting.Key.Equals(NotAfter, StringComparison.OrdinalIgnoreCase);
}
