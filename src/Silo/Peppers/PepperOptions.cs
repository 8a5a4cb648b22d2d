namespace KeysCluster.Silo.Peppers;

/// <summary>Configures the peppers, the keys of the stored hashes. At least one is required.</summary>
internal sealed class PepperOptions
{
    /// <summary>
    /// The pepper <c>default</c> (<c>Keys:Pepper</c>): at least 32 bytes in base64, the same on every silo.
    /// </summary>
    /// <value>The default of the embedded topology is the pepper in its data directory.</value>
    public string? Pepper { get; set; }

    /// <summary>
    /// The peppers with names (<c>Keys:Peppers:{name}</c>): at least 32 bytes in base64 each, the same on every silo.
    /// </summary>
    public IReadOnlyList<(string Name, string? Text)> Peppers { get; set; } = [];

    /// <summary>
    /// The name of the pepper that hashes new secrets (<c>Keys:CurrentPepper</c>), the same on every silo. The others
    /// verify what was hashed under them before.
    /// </summary>
    /// <value>The default is <c>default</c>, or the only pepper.</value>
    public string? CurrentPepper { get; set; }

    /// <summary>Reads the settings without checking them.</summary>
    public void Read(IConfiguration configuration)
    {
        Pepper = configuration["Keys:Pepper"];
        CurrentPepper = configuration["Keys:CurrentPepper"];
        var section = configuration.GetSection("Keys:Peppers");
        Peppers = [.. section.GetChildren().Select(pepper => (pepper.Key, pepper.Value))];

        // A pepper without a name, which the check of the names refuses.
        if (!string.IsNullOrEmpty(section.Value)) Peppers = [.. Peppers, ("", null)];
    }
}
