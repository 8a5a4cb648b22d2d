using Microsoft.Extensions.Configuration;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Settings that a test replaces while the host runs, like a file that changes.</summary>
internal sealed class TestConfiguration : ConfigurationProvider, IConfigurationSource
{
    public TestConfiguration(params IEnumerable<(string Key, string Value)> settings) => Set(settings);

    /// <summary>Replaces all settings.</summary>
    public void Replace(params IEnumerable<(string Key, string Value)> settings)
    {
        Set(settings);
        OnReload();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private void Set(IEnumerable<(string Key, string Value)> settings) => Data = settings.ToDictionary(
        setting => setting.Key, setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase);
}
