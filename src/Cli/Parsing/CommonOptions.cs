using System.CommandLine;

namespace KeysCluster.Cli.Parsing;

/// <summary>Options and arguments that several commands have.</summary>
internal static class CommonOptions
{
    public static Argument<string> KeyId() => new("id") { Description = "The id of the virtual key (vk_…)." };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask." };

    public static Option<string?> IdempotencyKey() => new("--idempotency-key")
    {
        Description = "16 to 255 characters. A command that is repeated with the same one changes nothing and returns "
            + "the same secret.",
        HelpName = "key",
    };

    public static Option<TimeSpan?> GracePeriod() => new("--grace", "-g")
    {
        Description = "How long the old secret works: 0 to 30d, 24h by default.",
        HelpName = DurationText.HelpName,
        CustomParser = DurationText.Parse,
    };

    public static Option<DateTimeOffset?> Time(string name, string description, TimeProvider time) => new(name)
    {
        Description = $"{description}: {TimeText.Description}.",
        HelpName = TimeText.HelpName,
        CustomParser = result => TimeText.Parse(result, time),
    };

    /// <summary>A time in the past: a duration is one before now.</summary>
    public static Option<DateTimeOffset?> PastTime(string name, string description, TimeProvider time) => new(name)
    {
        Description = $"{description}: {TimeText.PastDescription}.",
        HelpName = TimeText.HelpName,
        CustomParser = result => TimeText.ParsePast(result, time),
    };

    /// <summary>An option for a value of the service. The value that stands for unknown ones is not accepted.</summary>
    public static Option<T?> Value<T>(string name, string description)
        where T : struct, Enum
    {
        var values = Enum.GetNames<T>().Where(value => value != "Unknown").Select(value => value.ToLowerInvariant());
        var option = new Option<T?>(name) { Description = description, HelpName = string.Join('|', values) };
        option.AcceptOnlyFromAmong([.. values]);
        return option;
    }

    /// <summary>An option that may appear several times.</summary>
    public static Option<string[]> Many(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ZeroOrMore,
    };
}
