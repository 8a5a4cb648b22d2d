using System.Data.Common;
using System.Security.Cryptography;
using KeysCluster.Grains.Secrets;
using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;
using KeysCluster.Silo.Embedded;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage.PostgreSql;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Doctor;

/// <summary>The configuration of a silo, and its database, which cannot be written through it.</summary>
internal sealed class DoctorContext : IAsyncDisposable
{
    private DoctorContext(WebApplicationBuilder builder) => Builder = builder;

    public WebApplicationBuilder Builder { get; }

    public IConfiguration Configuration => Builder.Configuration;

    /// <summary>The options, which may be invalid; null if they cannot be read.</summary>
    public KeysSiloOptions? Options { get; private init; }

    /// <summary>The peppers; null if they are missing or invalid.</summary>
    public NamedPeppers? Peppers { get; private init; }

    /// <summary>The connection pools of a cluster; null in the embedded topology.</summary>
    public PostgresDataSources? Postgres { get; private init; }

    /// <summary>The database; null if the options cannot be read.</summary>
    public DbDataSource? Database { get; private init; }

    /// <summary>Whether a connection could be opened.</summary>
    public bool IsDatabaseReachable { get; set; }

    /// <summary>Reads the configuration as a silo does, from the same sources.</summary>
    /// <param name="settings">Settings such as <c>--Keys:DataDirectory=data</c>.</param>
    public static DoctorContext Create(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.AddHostDefaults(requiresPrivateFiles: false);

        // The standard output is for the findings.
        builder.Logging.ClearProviders();
        var options = Read(() => KeysSiloOptions.Bind(builder.Configuration));
        if (options is { IsCluster: false }) UseFilesOfDataDirectory(builder.Configuration, options);
        var postgres = options?.ConnectionString is { } connectionString
            ? new PostgresDataSources(connectionString, isReadOnly: true)
            : null;
        return new DoctorContext(builder)
        {
            Options = options,
            Peppers = Read(() => NamedPeppers.Read(builder.Configuration)),
            Postgres = postgres,
            Database = postgres?.Grains ?? (options is null ? null : OpenSqlite(options)),
        };
    }

    public async ValueTask DisposeAsync()
    {
        Postgres?.Dispose();
        if (Database is not null) await Database.DisposeAsync();
    }

    /// <summary>Returns null for invalid settings, which a check reports.</summary>
    private static T? Read<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (StartupFailure.Explain(exception) is not null)
        {
            return null;
        }
    }

    /// <summary>As at a start, except that missing files are not created.</summary>
    private static void UseFilesOfDataDirectory(ConfigurationManager configuration, KeysSiloOptions options)
    {
        if (string.IsNullOrWhiteSpace(configuration["Keys:Pepper"]))
            configuration["Keys:Pepper"] = Read(() => DataDirectory.ReadPepper(options.DataDirectory));

        // The first start creates a pepper, and any start a missing admin key.
        var isNew = !File.Exists(DataDirectory.GetDatabaseFile(options.DataDirectory))
            && !configuration.GetSection("Keys:Peppers").GetChildren().Any();
        if (isNew && string.IsNullOrWhiteSpace(configuration["Keys:Pepper"]))
            configuration["Keys:Pepper"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Pepper.MinLength));
        if (string.IsNullOrWhiteSpace(configuration["Keys:AdminKey"]))
        {
            configuration["Keys:AdminKey"] =
                Read(() => DataDirectory.ReadAdminKey(options.DataDirectory)) ?? AdminKeyGenerator.Create();
        }
    }

    private static DbDataSource OpenSqlite(KeysSiloOptions options)
    {
        // A service that runs has a write-ahead log. Without one, even a reader would create it, unless the file is
        // declared immutable.
        var file = DataDirectory.GetDatabaseFile(options.DataDirectory);
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = File.Exists(file + "-wal") ? file : $"{new Uri(file).AbsoluteUri}?immutable=1",
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
        return SqliteFactory.Instance.CreateDataSource(connection.ConnectionString);
    }
}
