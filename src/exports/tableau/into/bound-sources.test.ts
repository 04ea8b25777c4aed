import { expect, test } from 'vitest'
import { boundSources, connectionClasses, parseDocument } from './bound-sources.ts'

/** As Tableau saves it: a source of its own, an extract over it, and a second data source beside. */
const WORKBOOK = `\ufeff<?xml version='1.0' encoding='utf-8' ?>
<workbook xmlns:user='http://www.tableausoftware.com/xml/user'>
  <datasources>
    <datasource caption='Sales' name='federated.1'>
      <connection class='federated'>
        <named-connections><named-connection name='postgres.1'><connection class='postgres' dbname='shop' /></named-connection></named-connections>
        <metadata-records>
          <metadata-record class='column'><remote-name>land</remote-name><local-name>[land]</local-name><parent-name>[sales]</parent-name></metadata-record>
        </metadata-records>
      </connection>
      <column caption='Country' datatype='string' name='[Country]' role='dimension' type='nominal' />
      <column caption='Share' name='[Calculation_1]'><calculation class='tableau' formula='SUM([Revenue (net)]) / TOTAL(SUM([Revenue (net)]))' /></column>
      <group caption='Big ones' name='[Set 1]'><groupfilter function='level-members' level='[Country]' /></group>
      <drill-paths><drill-path name='Place'><field>[Country]</field><field>[City]</field></drill-path></drill-paths>
      <filter class='categorical' column='[Country]' />
      <_.fcp.ObjectModelExtractV2.true...extract enabled='true'>
        <connection class='hyper' dbname='Data\\Extracts\\Sales.hyper'>
          <metadata-records>
            <metadata-record class='column'><remote-name>land</remote-name><local-name>[Country]</local-name><parent-name>[Extract]</parent-name></metadata-record>
            <metadata-record class='column'><remote-name>rev</remote-name><local-name>[Revenue (net)]</local-name><parent-name>[Extract]</parent-name></metadata-record>
          </metadata-records>
        </connection>
      </_.fcp.ObjectModelExtractV2.true...extract>
    </datasource>
    <datasource caption='Other' name='federated.2'><connection class='hyper' dbname='Data/Extracts/other.hyper' /></datasource>
  </datasources>
  <worksheets>
    <worksheet name='By country'><table><view>
      <datasource-dependencies datasource='federated.1'>
        <column name='[Country]' /><column-instance column='[Country]' name='[none:Country:nk]' />
      </datasource-dependencies>
    </view></table></worksheet>
    <worksheet name='Other sheet'><table><view>
      <datasource-dependencies datasource='federated.2'><column name='[Country]' /></datasource-dependencies>
    </view></table></worksheet>
  </worksheets>
  <dashboards>
    <dashboard name='Board'><zones><zone type-v2='filter' param='[federated.1].[none:Country:nk]' /></zones></dashboard>
  </dashboards>
</workbook>`

test('finds the data source of an extract, its fields and what uses them', () => {
  const document = parseDocument(WORKBOOK)
  const sources = boundSources(document, 'Data/Extracts/Sales.hyper')
  expect(sources.map((source) => source.caption)).toEqual(['Sales'])
  const [sales] = sources
  expect(sales!.field('Extract', 'land')).toBe('[Country]')
  expect(sales!.field('Extract', 'unknown')).toBe('[unknown]')
  expect(sales!.uses('[Country]')).toEqual([
    'the sheet `By country`',
    'a filter on the dashboard `Board`',
    'the group `Big ones`',
    'the hierarchy `Place`',
    'a filter of the data source',
  ])
  expect(sales!.uses(sales!.field('Extract', 'rev'))).toEqual(['the calculated field `Share`'])
  expect(sales!.isCalculated('[Calculation_1]')).toBe(true)
  expect(sales!.isCalculated('[Country]')).toBe(false)
  expect(sales!.uses('[City]')).toEqual(['the hierarchy `Place`'])
  expect(boundSources(document, 'Data/Extracts/nothing.hyper')).toEqual([])
  expect(connectionClasses(document)).toEqual(['postgres'])
})

test('what is no XML fails', () => {
  expect(() => parseDocument('<workbook')).toThrow()
})
