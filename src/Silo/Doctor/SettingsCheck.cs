using KeysCluster.Api;
using KeysCluster.Hosting;
using KeysCluster.Silo.Peppers;
using Microsoft.Extensions.Options;

namespace KeysCluster.Silo.Doctor;

/// <summary>Validates the settings as a start does, and finds names that nothing reads.</summary>
internal sealed class SettingsCheck() : DoctorCheck("settings", "configuration.md")
{
    /// <summary>Returns the finding for a configuration that cannot be read at all.</summary>
    public static Finding Report(string problem) => new SettingsCheck().FailStart(problem);

    public override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        Collect(problems, () => KeysSiloOptions.Read(context.Configuration));
        Collect(problems, () => NamedPeppers.Read(context.Configuration));
        Collect(problems, () => PortCheck.FromAddresses(context.Configuration));
        if (context is { Options: { } options, Peppers: { } peppers })
            await BuildHostAsync(problems, context.Builder, options, peppers);

        var unknown = KnownSettings.Sections
            .SelectMany(section => context.Configuration.GetSection(section).AsEnumerable())
            .Where(setting => setting.Value is not null && !KnownSettings.Contains(setting.Key))
            .Select(setting => Warn(
                $"Nothing reads the setting {setting.Key}.", setting.Key,
                $"Remove it, or write {KnownSettings.FindNearest(setting.Key)} if that is meant."));
        return
        [
            .. problems.Distinct().Select(FailStart),
            .. unknown,
            Ok(context.Options is { IsCluster: true } ? "The topology is a cluster." : "The topology is embedded."),
        ];
    }

    /// <summary>Validates the options of the services, without starting one.</summary>
    private static async Task BuildHostAsync(
        List<string> problems, WebApplicationBuilder builder, KeysSiloOptions options, NamedPeppers peppers)
    {
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = false);
        Collect(problems, () =>
        {
            builder.AddKeysApi();
            builder.AddKeysSilo(options, peppers);
            builder.AddDrain(DrainOptions.DefaultDrainDelay);
            builder.AddTelemetry("keyscluster-doctor", _ => { }, _ => { });
        });
        WebApplication? app = null;
        Collect(problems, () => app = builder.Build());
        if (app is null) return;
        await using (app)
        {
            Collect(problems, () => app.Services.GetService<IStartupValidator>()?.Validate());
            Collect(problems, app.MapKeysApi);
        }
    }

    private static void Collect(List<string> problems, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (StartupFailure.Explain(exception) is { } problem)
        {
            problems.AddRange(problem.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private Finding FailStart(string problem) => Fail(
        problem,
        FindSetting(problem) ?? "the configuration",
        "Correct the setting: the page lists the permitted values. The service does not start until then.");

    /// <summary>Returns the first setting that a message names.</summary>
    private static string? FindSetting(string problem) => problem.Split(' ', '=')
        .Select(word => word.TrimEnd(':', '.', ',', ';'))
        .FirstOrDefault(word => word.Contains(':', StringComparison.Ordinal) && char.IsAsciiLetterUpper(word[0]));
}
