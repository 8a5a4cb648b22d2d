using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace KeysCluster.Api.Hosting;

/// <summary>Checks the settings that a host needs before it can be built.</summary>
public static class HostSettings
{
    /// <summary>PostgreSQL's connection string (<c>ConnectionStrings:Keys</c>); null when there is none.</summary>
    /// <exception cref="StartupException">It is no connection string. The message does not repeat it: a password is in it.</exception>
    public static string? PostgresConnectionString(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString("Keys");
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return text;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new StartupException(
                "ConnectionStrings:Keys is no connection string such as Host=…;Username=…;Password=…;Database=….");
        }
    }

    /// <summary>The settings when they are good.</summary>
    /// <exception cref="StartupException">They are not; its message says what to set.</exception>
    public static T Validated<T>(T settings)
        where T : class
    {
        var violations = new List<ValidationResult>();
        return Validator.TryValidateObject(settings, new ValidationContext(settings), violations, validateAllProperties: true)
            ? settings
            : throw new StartupException(string.Join(Environment.NewLine, violations.Select(violation => violation.ErrorMessage)));
    }
}
