namespace KeysCluster.Silo.Embedded;

internal static class EmbeddedDataExtensions
{
    /// <summary>
    /// Opens the data directory, and takes the pepper and the admin key <c>default</c> from it unless they are
    /// configured. Returns null in a cluster, which has no data directory.
    /// </summary>
    public static DataDirectory? OpenDataDirectory(this WebApplicationBuilder builder, KeysSiloOptions options)
    {
        if (options.IsCluster) return null;

        var data = DataDirectory.Open(options.DataDirectory);
        data.EnsureNotMoved();
        if (string.IsNullOrWhiteSpace(builder.Configuration["Keys:Pepper"]))
        {
            // After a rotation, the named pepper replaces the file, which can be deleted.
            var hasNamedPepper = builder.Configuration.GetSection("Keys:Peppers").GetChildren().Any();
            builder.Configuration["Keys:Pepper"] = data.Use(
                folder => hasNamedPepper ? folder.FindPepper() : folder.GetOrCreatePepper());
        }

        if (string.IsNullOrWhiteSpace(builder.Configuration["Keys:AdminKey"]))
            builder.Configuration["Keys:AdminKey"] = data.Use(folder => folder.GetOrCreateAdminKey());
        return data;
    }
}
