using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace KeysCluster.Hosting;

/// <summary>Validates the settings that a host needs before it can build its services.</summary>
public static class SettingsValidation
{
    /// <summary>Returns the connection string of PostgreSQL (<c>ConnectionStrings:Keys</c>); null if not set.</summary>
    /// <remarks>
    /// A connection to another machine requires SCRAM, unless the connection string sets what it requires. So a server
    /// that pretends to be the database receives no password.
    /// </remarks>
    /// <exception cref="StartupException">
    /// The value is not a connection string, or connects to another machine without verifying the server, which
    /// <c>Keys:AllowInsecureDatabase</c> permits. The message does not repeat the value, which contains a password.
    /// </exception>
    public static string? GetPostgresConnectionString(IConfiguration configuration) =>
        GetPostgresConnectionString(configuration, "Keys");

    /// <summary>
    /// Returns the connection string of the owner of the schema (<c>ConnectionStrings:Migrations</c>); null if not set.
    /// </summary>
    /// <exception cref="StartupException">As for <see cref="GetPostgresConnectionString(IConfiguration)"/>.</exception>
    public static string? GetMigrationsConnectionString(IConfiguration configuration) =>
        GetPostgresConnectionString(configuration, "Migrations");

    /// <summary>Returns <paramref name="options"/> if it satisfies its data annotations and its own rules.</summary>
    /// <exception cref="StartupException">An option is invalid. The message has a line for each violation.</exception>
    public static T Validate<T>(T options)
        where T : class
    {
        var violations = new List<ValidationResult>();
        var context = new ValidationContext(options);
        return Validator.TryValidateObject(options, context, violations, validateAllProperties: true)
            ? options
            : throw new StartupException(
                string.Join(Environment.NewLine, violations.Select(violation => violation.ErrorMessage)));
    }

    private static string? GetPostgresConnectionString(IConfiguration configuration, string name)
    {
        var text = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(text)) return null;
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new StartupException(
                $"ConnectionStrings:{name} is not a connection string such as "
                + "Host=…;Username=…;Password=…;Database=….");
        }

        if (DatabaseHosts.AreLocal(connection.Host)) return text;
        if (connection.SslMode != SslMode.VerifyFull
            && !configuration.GetValue<bool>("Keys:AllowInsecureDatabase"))
        {
            throw new StartupException(
                $"ConnectionStrings:{name} names another machine and must contain SSL Mode=VerifyFull, so that nobody "
                + "else can act as the database. Keys:AllowInsecureDatabase=true permits it without.");
        }

        if (!connection.ShouldSerialize("Require Auth")) connection.RequireAuth = "ScramSHA256";
        return connection.ConnectionString;
    }
}
